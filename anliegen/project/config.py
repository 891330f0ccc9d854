"""The settings of the surroundings: every ANLIEGEN_* variable, read once and checked by name."""

from pathlib import Path

import environ

env = environ.FileAwareEnv()
ROOT = Path(__file__).resolve().parent.parent.parent
ENV: str = env.str("ANLIEGEN_ENV", "demo")
DATA_DIR = Path(env.str("ANLIEGEN_DATA_DIR", str(ROOT / "var")))
DATABASE_URL: str = env.str("ANLIEGEN_DATABASE_URL", "sqlite:///:memory:" if ENV == "test" else f"sqlite:///{DATA_DIR}/anliegen.sqlite3")
