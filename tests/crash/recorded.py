"""What a program did to the files in a folder, read from what strace wrote of it (see strace(1)).

The files are known by numbers of their own, as a disk knows them: names come and go.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

CALLS = (
    "openat,open,creat,write,pwrite64,ftruncate,fsync,fdatasync,rename,renameat,renameat2,link,linkat,"
    "unlink,unlinkat,rmdir,mkdir,mkdirat,lseek,sendfile,copy_file_range,writev,pwritev,truncate,fallocate"
)
STRACE = ["strace", "-ff", "--seccomp-bpf", "-y", "-xx", "-s", "100000000", "-e", "signal=none"]
_CALL = re.compile(r"(\w+)\((.*)\) += (-?\d+)(.*)")
_TEXT = re.compile(r"(?:\\x[0-9a-f]{2})+")
_PART = re.compile(r'"[^"]*"|-?\w+<[^>]*>|[^,"\s][^,"]*')  # a text, a handle with its path, another word

ROOT = 0
Name = tuple[int, str]  # the folder's number, and a name in it


@dataclass(frozen=True)
class Write:
    """Bytes at a place of a file."""

    file: int
    at: int
    data: bytes


@dataclass(frozen=True)
class Size:
    """A file cut, or made longer with zeros."""

    file: int
    size: int


@dataclass(frozen=True)
class Names:
    """Names that came, went or mean another file now: all at once or not at all."""

    of: dict[Name, int | None]


@dataclass(frozen=True)
class Sync:
    """A file or a folder of which the disk has said that it has all of it."""

    file: int


@dataclass(frozen=True)
class Said:
    """What the program told the world: it can't be taken back."""

    words: str


Step = Write | Size | Names | Sync | Said


@dataclass
class Disk:
    """Names and files as they are after some steps. `folders` are the numbers of those."""

    names: dict[Name, int] = field(default_factory=dict)
    files: dict[int, bytearray] = field(default_factory=dict)
    folders: set[int] = field(default_factory=lambda: {ROOT})

    def copy(self) -> "Disk":
        files = {number: bytearray(data) for number, data in self.files.items()}
        return Disk(dict(self.names), files, set(self.folders))

    def do(self, step: Step) -> None:
        """Let one step be done."""
        if isinstance(step, Names):
            for name, number in step.of.items():
                if number is None:
                    self.names.pop(name, None)
                else:
                    self.names[name] = number
        elif isinstance(step, Write):
            data = self.files.setdefault(step.file, bytearray())
            data.extend(bytes(max(0, step.at - len(data))))
            data[step.at : step.at + len(step.data)] = step.data
        elif isinstance(step, Size):
            data = self.files.setdefault(step.file, bytearray())
            del data[step.size :]
            data.extend(bytes(step.size - len(data)))

    def write(self, folder: Path, of: int = ROOT) -> None:
        """Make all of it in an empty folder."""
        for (parent, name), number in self.names.items():
            if parent == of and number in self.folders:
                (folder / name).mkdir()
                self.write(folder / name, number)
            elif parent == of:
                (folder / name).write_bytes(self.files.get(number, b""))


def as_it_is(folder: Path) -> Disk:
    """Return the disk that a folder is."""
    disk = Disk()
    numbers = {folder: ROOT}
    for path in sorted(folder.rglob("*")):
        number = numbers[path] = len(numbers)
        disk.names[numbers[path.parent], path.name] = number
        if path.is_dir():
            disk.folders.add(number)
        else:
            disk.files[number] = bytearray(path.read_bytes())
    return disk


class Recording:
    """The steps of a program, in order, of which strace wrote `log`; `disk` is what `folder` was before.

    Afterwards `disk` is what the folder should be now.
    """

    def __init__(self, log: Path, folder: Path, disk: Disk) -> None:
        self.disk = disk
        self.steps: list[Step] = []
        self._folder = str(folder)
        self._open: dict[int, tuple[int, int]] = {}  # handle -> (file, where it writes next)
        self._next = max((ROOT, *disk.names.values())) + 1
        with log.open(encoding="ascii") as lines:
            for line in lines:
                self._read(line)

    def _read(self, line: str) -> None:
        found = _CALL.match(line)
        if not found or int(found[3]) < 0:
            return
        assert '"...' not in line, "strace cut a text off"
        call, parts, result = found[1], _PART.findall(found[2]), int(found[3])
        handled = getattr(self, f"_{call}", None)
        if handled:
            handled(parts, result)
        else:
            assert self._folder not in _decoded(line), f"{call} is not known here"

    def _do(self, step: Step) -> None:
        self.disk.do(step)
        self.steps.append(step)

    def _at(self, path: str) -> Name | None:
        """Return the folder and the name of a path, None where it is elsewhere."""
        if not path.startswith(self._folder + "/"):
            return None
        *way, name = path.removeprefix(self._folder + "/").split("/")
        parent = ROOT
        for each in way:
            parent = self.disk.names[parent, each]
        return parent, name

    def _number(self, path: str) -> int | None:
        if path == self._folder:
            return ROOT
        name = self._at(path)
        return self.disk.names.get(name) if name else None

    def _new(self, name: Name) -> int:
        number, self._next = self._next, self._next + 1
        self._do(Names({name: number}))
        return number

    def _openat(self, parts: list[str], result: int) -> None:
        path, flags = _joined(parts[0], parts[1]), parts[2]
        name = self._at(path)
        number = self._number(path)
        self._open.pop(result, None)
        if number is None:
            if name is None:
                return
            assert "O_CREAT" in flags, path
            number = self._new(name)
        elif "O_TRUNC" in flags:
            self._do(Size(number, 0))
        assert "O_APPEND" not in flags or name is None
        self._open[result] = (number, 0)

    def _write(self, parts: list[str], result: int) -> None:
        handle, path = _handle(parts[0])
        data = _bytes(parts[1])[:result]
        if handle == 1:
            self._do(Said(data.decode().strip()))
        elif path.startswith(self._folder) and handle in self._open:
            file, at = self._open[handle]
            self._do(Write(file, at, data))
            self._open[handle] = (file, at + result)

    def _pwrite64(self, parts: list[str], result: int) -> None:
        handle, path = _handle(parts[0])
        if path.startswith(self._folder):
            self._do(Write(self._open[handle][0], int(parts[3]), _bytes(parts[1])[:result]))

    def _lseek(self, parts: list[str], result: int) -> None:
        handle, path = _handle(parts[0])
        if path.startswith(self._folder) and handle in self._open:
            self._open[handle] = (self._open[handle][0], result)

    def _sendfile(self, parts: list[str], result: int) -> None:
        (out, path), (source, _) = _handle(parts[0]), _handle(parts[1])
        if path.startswith(self._folder):
            (file, at), start = self._open[out], int(re.findall(r"\d+", parts[2])[0])
            data = bytes(self.disk.files[self._open[source][0]][start : start + result])
            if data:
                self._do(Write(file, at, data))
            self._open[out] = (file, at + result)

    def _ftruncate(self, parts: list[str], _result: int) -> None:
        handle, path = _handle(parts[0])
        if path.startswith(self._folder):
            self._do(Size(self._open[handle][0], int(parts[1])))

    def _fsync(self, parts: list[str], _result: int) -> None:
        handle, path = _handle(parts[0])
        if path.startswith(self._folder):
            self._do(Sync(self._open[handle][0]))

    _fdatasync = _fsync

    def _mkdir(self, parts: list[str], _result: int) -> None:
        if name := self._at(_text(parts[0])):
            self.disk.folders.add(self._new(name))

    def _unlink(self, parts: list[str], _result: int) -> None:
        if name := self._at(_text(parts[0])):
            self._do(Names({name: None}))

    _rmdir = _unlink

    def _unlinkat(self, parts: list[str], _result: int) -> None:
        if name := self._at(_joined(parts[0], parts[1])):
            self._do(Names({name: None}))

    def _rename(self, parts: list[str], _result: int) -> None:
        old, new = self._at(_text(parts[0])), self._at(_text(parts[1]))
        if old and new:
            self._do(Names({old: None, new: self.disk.names[old]}))

    def _link(self, parts: list[str], _result: int) -> None:
        old, new = self._at(_text(parts[0])), self._at(_text(parts[1]))
        if old and new:
            self._do(Names({new: self.disk.names[old]}))


def _bytes(part: str) -> bytes:
    return bytes.fromhex(part.strip('"').replace("\\x", ""))


def _text(part: str) -> str:
    return _bytes(part).decode()


def _decoded(line: str) -> str:
    return _TEXT.sub(lambda found: _text(found[0]) if len(found[0]) < 4_000 else "", line)


def _handle(part: str) -> tuple[int, str]:
    """Return the number of a handle and the path that it was opened by."""
    number, path = _split(part)
    return int(number), path


def _joined(folder: str, path: str) -> str:
    """Return a path that may be relative to the folder of a handle."""
    return str(Path(_split(folder)[1]) / _text(path))


def _split(part: str) -> tuple[str, str]:
    name, _, path = part.removesuffix(">").partition("<")
    return name, _text(path) if path.startswith("\\x") else path
