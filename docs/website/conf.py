"""Sphinx's settings for the site; `python docs/make_site.py` runs it."""

import os
import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent), str(HERE.parents[1])]
os.environ["MICROBP_ENGINE"] = "python"  # its Value shows its types

import microbp  # noqa: E402

project = "microbp"
version = release = microbp.__version__
html_title = "microbp"
root_doc = "index"
exclude_patterns = ["microbp", "examples"]
extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.mathjax",
    "sphinx_copybutton",
    "sphinx_design",
    "website.docstrings",
    "website.pages",
]

smartquotes_action = "qe"  # quotes and dots; dashes begin options

# Pages are Markdown, notebooks come with their outputs.
myst_enable_extensions = ["dollarmath", "colon_fence"]
myst_heading_anchors = 4
myst_dmath_double_inline = True
nb_execution_mode = "off"
nb_merge_streams = True
suppress_warnings = ["myst.header"]  # a cell of a notebook may begin with any heading

autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
python_use_unqualified_type_names = True
python_maximum_signature_line_length = 80
add_module_names = True

html_theme = "furo"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_js_files = ["site.js"]
html_extra_path = [os.environ["MICROBP_SITE_EXTRA"]]
html_show_copyright = False
html_copy_source = False
html_show_sourcelink = False
html_theme_options = {"navigation_with_keys": True}

# MathJax from the site itself; its menu would load more of it from elsewhere.
mathjax_path = "mathjax/tex-svg.js"
mathjax3_config = {"options": {"enableMenu": False}}
copybutton_prompt_text = r">>> |\.\.\. "
copybutton_prompt_is_regexp = True
