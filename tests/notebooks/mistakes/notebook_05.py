"""What students get wrong in notebook 05: for each exercise, the check's words and the code."""

MISTAKES = [
    [
        ("not yet", "my_sizes = (1, ..., 4)"),
        ("Expected three whole numbers", "my_sizes = (1, 2, 10)"),
        ("Expected three whole numbers", "my_sizes = (1, 2, 4, 8)"),
        ("+ 1 + 2 - 3 = 0", "my_sizes = (1, 2, 3)"),
        ("+ 5 - 5 = 0", "my_sizes = (5, 7, 5)"),
        ("this is 1 : 2 : 4", "my_sizes = (8, 2, 4)"),
        ("this is 2 : 3 : 4", "my_sizes = (4, 6, 8)"),
    ],
    [
        ("1 or more", "fourth = 0.5"),
        ("+ 1 + 4 - 5 = 0", "fourth = 5"),
        ("+ 1 + 2 - 3 = 0", "fourth = 3"),
        ("a smaller number does, too", "fourth = 9"),
    ],
    [
        ("4 is for six bits", "error_of_no = 4"),
        ("a factor of 1/2", "error_of_no = 16"),
        ("to which no is right", "error_of_no = 120"),
        ("most of the 256 rows", "error_of_no = 128"),
        ("Count the symmetric rows", "error_of_no = 1"),
    ],
]
