"""What `python docs/make_site.py` puts together; `conf` is Sphinx's."""
