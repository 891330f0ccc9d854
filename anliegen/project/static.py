"""Serve named files out of node_modules, the pictures of the library, and nothing else of either."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.contrib.staticfiles.utils import matches_patterns
from django.core.files.storage import FileSystemStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage

# Brotli at its highest level costs seconds: only the release image does it.
Base: type[ManifestStaticFilesStorage] = (
    CompressedManifestStaticFilesStorage if settings.COMPRESS_STATIC else ManifestStaticFilesStorage
)


class VendorFinder(BaseFinder):
    """Finds the files of `settings.VENDOR_FILES` under the address prefix `vendor/`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.storage = FileSystemStorage(settings.NODE_MODULES)
        self.storage.prefix = "vendor"  # type: ignore[attr-defined]

    def files(self) -> Iterator[str]:
        """Raises FileNotFoundError for a listed file that is not installed."""
        root = Path(settings.NODE_MODULES)
        for pattern in settings.VENDOR_FILES:
            found = sorted(root.glob(pattern))
            if not found:
                raise FileNotFoundError(f"VENDOR_FILES: {pattern} is not in node_modules (run make)")
            yield from (str(f.relative_to(root)) for f in found if f.is_file())

    def list(self, ignore_patterns: Any) -> Iterable[Any]:
        return ((f, self.storage) for f in self.files() if not matches_patterns(f, ignore_patterns))

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        inner = path.removeprefix("vendor/")
        hit = str(Path(settings.NODE_MODULES) / inner) if inner != path and inner in self.files() else None
        return ([hit] if hit else []) if find_all else (hit or [])

    def check(self, **kwargs: Any) -> Any:
        return []


class PictureFinder(BaseFinder):
    """Finds the pictures of the shipped services under `library/<key>/picture.svg`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.storage = FileSystemStorage(settings.LIBRARY)
        self.storage.prefix = "library"  # type: ignore[attr-defined]

    def files(self) -> Iterator[str]:
        """Relative to the library."""
        root = Path(settings.LIBRARY)
        yield from (str(found.relative_to(root)) for found in sorted(root.glob("*/picture.svg")))

    def list(self, ignore_patterns: Any) -> Iterable[Any]:
        return ((f, self.storage) for f in self.files() if not matches_patterns(f, ignore_patterns))

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        inner = path.removeprefix("library/")
        hit = str(Path(settings.LIBRARY) / inner) if inner != path and inner in self.files() else None
        return ([hit] if hit else []) if find_all else (hit or [])

    def check(self, **kwargs: Any) -> Any:
        return []


class Storage(Base):  # type: ignore[misc,valid-type]
    """Names with a digest. Only url() and @import are rewritten: vendor files name source maps that are not there."""

    patterns = tuple(
        (glob, tuple(p for p in found if "sourceMappingURL" not in (p if isinstance(p, str) else p[0])))
        for glob, found in Base.patterns
    )
