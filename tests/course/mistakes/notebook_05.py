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
        ("1 or more", "fourth = 0"),
        ("Expected a whole number", "fourth = 0.5"),
        ("'8' is text", "fourth = '8'"),
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
    [
        ("expected what symmetry.run.study", "my_study = 0.04"),
        ("expected what symmetry.run.study", "my_study = [{'seed': 0, 'solved_at': 3}]"),
        *(
            (words, f"my_study = found({arguments})")
            for words, arguments in [
                ("0.05 stands above", "lr=0.05"),
                ("Such small steps need more sweeps", "lr=0.02, solved=1"),
                ("Such large steps", "lr=0.2, solved=2"),
                ("take 1000", "sweeps=2000"),
                ("take the seeds range(20)", "seeds=range(100)"),
                ("change lr alone", "momentum=0.8"),
            ]
        ),
    ],
]
