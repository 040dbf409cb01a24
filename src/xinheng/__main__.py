"""`python -m xinheng` is the same program as `xinheng`."""

from xinheng.site.command import main

if __name__ == "__main__":
    main()
