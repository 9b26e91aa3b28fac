// TeX from standard input, as a list of [formula, display] in JSON; SVG and MathML to standard output.
const mathjax = require(process.argv[2]);

async function main() {
  let text = "";
  for await (const chunk of process.stdin) text += chunk;
  const options = {
    loader: { load: ["input/tex", "output/svg"] },
    svg: { fontCache: "none" },
  };
  const MathJax = await mathjax.init(options);
  const drawn = [];
  for (const [tex, display] of JSON.parse(text)) {
    const svg = MathJax.startup.adaptor.innerHTML(MathJax.tex2svg(tex, { display }));
    const mathml = MathJax.tex2mml(tex, { display });
    if (mathml.includes("<merror")) throw new Error(`no formula: ${tex}`);
    drawn.push([svg, mathml]);
  }
  process.stdout.write(JSON.stringify(drawn));
}

main().catch((error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
});
