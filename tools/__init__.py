"""What `make bench` and `make docs` run; not shipped in the wheel."""
