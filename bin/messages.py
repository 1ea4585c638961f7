"""What the start scripts say: progress in Chinese, anything wrong in Chinese and in English."""

import errno
import sys


class Stop(Exception):
    """Something the person at the keyboard must put right. Said once, never as a traceback."""

    def __init__(self, chinese: str, english: str, code: int = 1) -> None:
        super().__init__(chinese, english)
        self.chinese, self.english, self.code = chinese, english, code


def speak_utf8() -> None:
    """Chinese must come out whole even where the terminal's locale is not UTF-8."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace", line_buffering=True)


def tell(sentence: str) -> None:
    print(sentence)


def warn(chinese: str, english: str) -> None:
    print(chinese, english, sep="\n", file=sys.stderr)


def interrupted() -> Stop:
    return Stop(
        "已中断。再次执行同一条命令即可，未完成的部分会自行修复。",
        "Interrupted. Run the same command again; what is unfinished repairs itself.",
        130,
    )


def from_os_error(error: OSError, where: object) -> Stop:
    """The sentence for a failed write below ``where``: disk full, not allowed, in the way."""
    path = error.filename or where
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return Stop(
            f"磁盘已满，无法写入 {path}。请腾出至少 1 GB 空间后再执行一次。",
            f"The disk is full: cannot write {path}. Free at least 1 GB, then run it again.",
        )
    if error.errno in (errno.EEXIST, errno.ENOTDIR, errno.EISDIR):
        return Stop(
            f"{path} 应是文件夹，却被同名的文件占了位置。请移走它后再执行一次。",
            f"{path} should be a folder, but a file is in its place. Move it away, then run it "
            "again.",
        )
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return Stop(
            f"没有写权限：{path}。请换到有写权限的目录，或修改它的属主和权限。",
            f"No permission to write {path}. Use a folder you may write to, or change its owner "
            "and mode.",
        )
    return Stop(
        f"读写 {path} 失败：{error.strerror or error}。请排除原因后再执行一次。",
        f"Reading or writing {path} failed: {error.strerror or error}. Put that right, then run "
        "it again.",
    )
