from pathlib import PurePath, PurePosixPath, PureWindowsPath

import pytest

from umbmarket.disk.shown_path import shown


@pytest.mark.parametrize(
    ("path", "root", "expected"),
    [
        ("/srv/site/a.json", "/srv/site", "a.json"),
        ("/srv/site/src/a.json", "/srv/site", "src/a.json"),
        ("a.json", "/srv/site", "a.json"),
        ("./src/./a.json", "/srv/site", "src/a.json"),
        ("src/../a.json", "/srv/site", "a.json"),
        ("../a.json", "/srv/site", "/srv/a.json"),
        ("/srv/site2/a.json", "/srv/site", "/srv/site2/a.json"),
        ("/Work/site/a.json", "/srv/site", "/Work/site/a.json"),
        ("/srv/site", "/srv/site", "."),
        ("/a.json", "/", "a.json"),
        ("a\\b.json", "/srv", "a\\b.json"),
        ("ä ö.json", "/srv", "ä ö.json"),
        ("/other/\udcff.json", "/srv", "/other/\udcff.json"),
    ],
)
def test_posix(path: str, root: str, expected: str) -> None:
    assert shown(PurePosixPath(path), PurePosixPath(root)) == expected


@pytest.mark.parametrize(
    ("path", "root", "expected"),
    [
        (r"C:\srv\site\src\a.json", r"C:\srv\site", "src/a.json"),
        (r"src\a.json", r"C:\srv\site", "src/a.json"),
        (r"src/a.json", r"C:\srv\site", "src/a.json"),
        (r".\src\..\a.json", r"C:\srv\site", "a.json"),
        (r"c:\SRV\Site\Src\A.json", r"C:\srv\site", "Src/A.json"),
        (r"C:\srv\site2\a.json", r"C:\srv\site", "C:/srv/site2/a.json"),
        (r"..\a.json", r"C:\srv\site", "C:/srv/a.json"),
        (r"D:\srv\site\a.json", r"C:\srv\site", "D:/srv/site/a.json"),
        (r"\other\a.json", r"C:\srv\site", "C:/other/a.json"),
        (r"C:\a.json", "C:\\", "a.json"),
        (r"C:\srv\site", r"C:\srv\site", "."),
        (r"\\server\share\site\a.json", r"\\server\share\site", "a.json"),
        (r"\\SERVER\Share\site\src\a.json", r"\\server\share\site", "src/a.json"),
        (r"\\server\share\a.json", r"\\server\share", "a.json"),
        (r"\\server\other\a.json", r"\\server\share", "//server/other/a.json"),
        (r"\\server\share\a.json", r"C:\srv", "//server/share/a.json"),
        (r"\\?\C:\srv\site\a.json", r"C:\srv\site", "a.json"),
        (r"C:\srv\site\a.json", r"\\?\C:\srv\site", "a.json"),
        (r"\\?\UNC\server\share\a.json", r"\\server\share", "a.json"),
    ],
)
def test_windows(path: str, root: str, expected: str) -> None:
    assert shown(PureWindowsPath(path), PureWindowsPath(root)) == expected


def test_the_paths_of_this_system() -> None:
    root = PurePath("/", "x")
    assert shown(root / "y" / "z", root) == "y/z"
