"""A small disk of one's own (ext4 in a file), whose power can be cut and which can be filled."""

import contextlib
import fcntl
import os
import shutil
import struct
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SHUTDOWN = (2 << 30) | (4 << 16) | (ord("X") << 8) | 125  # EXT4_IOC_SHUTDOWN
NO_FLUSH = 2  # what was not forced to disk is gone, as when the power fails


def possible() -> str:
    """Why there can be no such disk here, or nothing."""
    if os.geteuid() != 0:
        return "a disk of its own needs root"
    missing = [name for name in ("mkfs.ext4", "losetup", "mount") if not shutil.which(name)]
    if missing or not Path("/dev/loop-control").exists():
        return f"a disk of its own needs {', '.join(missing) or 'loop devices'}"
    return ""


@dataclass(slots=True)
class Disk:
    image: Path
    folder: Path

    def mount(self) -> None:
        self.folder.mkdir(exist_ok=True)
        options = "loop,commit=300"  # nothing gets there by itself: only what is forced
        subprocess.run(["mount", "-o", options, str(self.image), str(self.folder)], check=True)

    def unmount(self) -> None:
        subprocess.run(["umount", str(self.folder)], check=True)

    def cut_power(self) -> None:
        """From now on nothing reaches the disk, also nothing that was written but not forced there."""
        handle = os.open(self.folder, os.O_RDONLY)
        try:
            fcntl.ioctl(handle, SHUTDOWN, struct.pack("I", NO_FLUSH))
        finally:
            os.close(handle)

    def fill(self) -> Path:
        """Take all the room there is; delete the file that is returned to give it back."""
        filler = self.folder / "filler"
        with filler.open("wb") as handle, contextlib.suppress(OSError):
            for size in (1 << 20, 1 << 16, 1 << 12):
                with contextlib.suppress(OSError):
                    while True:
                        handle.write(bytes(size))
                        handle.flush()
        return filler


@contextlib.contextmanager
def disk(folder: Path, name: str, megabytes: int) -> Iterator[Disk]:
    """A fresh, mounted disk."""
    image = folder / f"{name}.img"
    with image.open("wb") as handle:
        handle.truncate(megabytes << 20)
    subprocess.run(["mkfs.ext4", "-q", "-F", "-m", "0", str(image)], check=True)
    found = Disk(image, folder / name)
    found.mount()
    try:
        yield found
    finally:
        subprocess.run(["umount", "-l", str(found.folder)], check=False)
        image.unlink()
