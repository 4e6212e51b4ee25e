"""The program's version, the same as in pyproject.toml, which a packaged program does not carry."""

VERSION = "0.1.0"
