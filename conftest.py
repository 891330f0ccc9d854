"""What every test gets."""

import os

os.environ.setdefault("ANLIEGEN_ENV", "test")
