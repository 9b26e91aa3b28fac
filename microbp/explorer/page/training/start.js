// The page comes to life.

/* global Training, byId */

const training = new Training(JSON.parse(byId("training").textContent ?? ""));

byId("train").addEventListener("click", () => {
  training.advance(100);
  byId("seen").textContent = `sweep ${training.sweep}: E = ${training.look().error}`;
});
