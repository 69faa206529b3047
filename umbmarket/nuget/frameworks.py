"""Target frameworks, as far as the dependency groups of a package need them: read, compared, shown.

Source: NuGet.Client, NuGet.Frameworks (NuGetFrameworkFactory, FrameworkNameProvider,
NuGetFramework.GetShortFolderName, NuGetFrameworkSorter). Which frameworks are compatible with each other is
not asked here.

Two things differ from NuGet. A spelling it does not know becomes `Unsupported` there, and is kept as written
here. And the frameworks of a portable library are compared as the set that is written, without NuGet's table
of profiles.
"""

from __future__ import annotations

import functools
import re

__all__ = ["ANY_FRAMEWORK", "TargetFramework"]

FrameworkVersion = tuple[int, int, int, int]

_MAX_NUMBER = 2_147_483_647
_NO_VERSION: FrameworkVersion = (0, 0, 0, 0)

_NET = ".NETFramework"
_NET_CORE_APP = ".NETCoreApp"
_NET_STANDARD = ".NETStandard"
_NET_PLATFORM = ".NETPlatform"
_NANO = ".NETnanoFramework"
_PORTABLE = ".NETPortable"
_AGNOSTIC = "Agnostic"

_LONG_NAMES = {
    "netcoreapp": _NET_CORE_APP,
    "netstandard": _NET_STANDARD,
    "net": _NET,
    "dotnet": _NET_PLATFORM,
    "netnano": _NANO,
    "portable": _PORTABLE,
    "netstandardapp": ".NETStandardApp",
    "netcore": ".NETCore",
    "netmf": ".NETMicroFramework",
    "sl": "Silverlight",
    "win": "Windows",
    "wp": "WindowsPhone",
    "wpa": "WindowsPhoneApp",
    "winrt": "WinRT",
    "uap": "UAP",
    "aspnet": "ASP.NET",
    "aspnetcore": "ASP.NETCore",
    "dnx": "DNX",
    "dnxcore": "DNXCore",
    "native": "native",
    "monoandroid": "MonoAndroid",
    "monotouch": "MonoTouch",
    "monomac": "MonoMac",
    "xamarinios": "Xamarin.iOS",
    "xamarinmac": "Xamarin.Mac",
    "xamarinwatchos": "Xamarin.WatchOS",
    "xamarintvos": "Xamarin.TVOS",
    "xamarinpsthree": "Xamarin.PlayStation3",
    "xamarinpsfour": "Xamarin.PlayStation4",
    "xamarinpsvita": "Xamarin.PlayStationVita",
    "xamarinxboxthreesixty": "Xamarin.Xbox360",
    "xamarinxboxone": "Xamarin.XboxOne",
    "tizen": "Tizen",
}
"""NuGet's short identifiers and the long ones they stand for."""

_SHORT_NAMES = {long: short for short, long in _LONG_NAMES.items()}
_IDENTIFIERS = _LONG_NAMES | {long.lower(): long for long in _SHORT_NAMES}
_IDENTIFIERS |= {"netframework": _NET, ".net": _NET, "netportable": _PORTABLE}

_PROFILES = {
    "cf": "CompactFramework",
    "full": "",
    "client": "Client",
    "wp": "WindowsPhone",
    "wp71": "WindowsPhone71",
}
_SHORT_PROFILES = {long.lower(): short for short, long in _PROFILES.items() if long}

_DOTTED = frozenset((_NET_CORE_APP, _NET_STANDARD, _NANO))
_ONE_NUMBER_ENOUGH = frozenset(("Windows", "WindowsPhone", "Silverlight"))
_FIRST_PLAIN_NET = 5
"""From this major on `.NETCoreApp` is called `net` and has platforms instead of profiles."""

# Possessive, so that a long text of dots takes linear time.
_FOLDER_NAME = re.compile(r"([A-Za-z.]++)([0-9.]*+)(?:-([0-9A-Za-z.+-]++))?+")
_OTHER_THAN_WORD = re.compile(r"[^A-Za-z0-9]")
_PLATFORM = re.compile(r"([A-Za-z.]*+)(.*+)")
_NUMBERS_WITHOUT_NAME = {"45": (4, 5), "4.5": (4, 5), "40": (4, 0), "4.0": (4, 0), "4": (4, 0)}
_NUMBERS_WITHOUT_NAME |= {"35": (3, 5), "3.5": (3, 5), "20": (2, 0), "2": (2, 0), "2.0": (2, 0)}

_RANK_ANY, _RANK_KNOWN, _RANK_UNKNOWN = range(3)


@functools.total_ordering
class TargetFramework:
    """A target framework of a dependency group, made by `parse`. Immutable and hashable.

    Frameworks are equal if NuGet takes them for the same one, however they are spelled: `.NETStandard2.0` and
    `netstandard2.0`, `net472` and `.NETFramework4.7.2`. The order is that of NuGet's readers: any framework
    first, then by identifier and version, then the unknown ones.

    Example:
        >>> TargetFramework.parse(".NETCoreApp3.1").short_name
        'netcoreapp3.1'
    """

    __slots__ = ("_identifier", "_key", "_original", "_platform", "_platform_version", "_profile", "_version")

    _identifier: str
    _version: FrameworkVersion
    _profile: str
    _platform: str
    _platform_version: FrameworkVersion
    _original: str
    _key: tuple[int, str, FrameworkVersion, str, str, FrameworkVersion]

    @classmethod
    def parse(cls, text: str | None) -> TargetFramework:
        """Read a target framework in any spelling that NuGet knows; what it does not know is kept as written.

        Args:
            text: Such as `net8.0`, `net8.0-windows7.0`, `.NETFramework4.7.2`, `.NETStandard,Version=v2.0`;
                None or an empty text, as for a group without the attribute, means any framework.

        Returns:
            Always a framework: see `is_known`.
        """
        if not text or text.lower() == "any":
            return cls._make(_RANK_ANY, "Any", original=text or "")
        if text.lower() == "agnostic":
            return cls._make(_RANK_KNOWN, _AGNOSTIC, original=text)
        found = cls._from_full_name(text) if "," in text else cls._from_folder_name(text)
        return found or cls._make(_RANK_UNKNOWN, text, original=text)

    @classmethod
    def _make(
        cls,
        rank: int,
        identifier: str,
        version: FrameworkVersion = _NO_VERSION,
        *,
        profile: str = "",
        platform: str = "",
        platform_version: FrameworkVersion = _NO_VERSION,
        original: str,
    ) -> TargetFramework:
        framework = cls.__new__(cls)
        framework._identifier = identifier
        framework._version = version
        framework._profile = profile
        framework._platform = platform
        framework._platform_version = platform_version
        framework._original = original
        framework._key = (
            rank,
            identifier.lower(),
            version,
            profile.lower(),
            platform.lower(),
            platform_version,
        )
        return framework

    @classmethod
    def _from_folder_name(cls, text: str) -> TargetFramework | None:
        """Read `net8.0-windows7.0` and its like: an identifier, a version, and a platform or profile."""
        name = text
        if "%" in name:
            # Late: only old portable libraries escape their '+' signs.
            from urllib.parse import unquote

            name = unquote(name)
        if name in _NUMBERS_WITHOUT_NAME:
            return cls._make(_RANK_KNOWN, _NET, (*_NUMBERS_WITHOUT_NAME[name], 0, 0), original=text)
        match = _FOLDER_NAME.fullmatch(name)
        if match is None:
            return None
        identifier = _IDENTIFIERS.get(match[1].lower())
        version = _folder_version(match[2])
        suffix = match[3] or ""
        if identifier is None or version is None:
            return None
        if identifier in (_NET, _NET_CORE_APP) and version[0] >= _FIRST_PLAIN_NET:
            return cls._plain_net(version, suffix, text)
        if identifier == _NET_PLATFORM and version == _NO_VERSION:
            version = (5, 0, 0, 0)
        profile = _PROFILES.get(suffix.lower(), suffix)
        if identifier == _PORTABLE:
            if not suffix:
                return None
            profile = "+".join(sorted({part for part in suffix.lower().split("+") if part}))
        return cls._make(_RANK_KNOWN, identifier, version, profile=profile, original=text)

    @classmethod
    def _plain_net(cls, version: FrameworkVersion, suffix: str, text: str) -> TargetFramework | None:
        """.NET 5 and later, however it is spelled; the suffix is a platform."""
        match = _PLATFORM.fullmatch(suffix)
        platform, number = (match[1], match[2]) if match is not None and match[1] else (suffix, "")
        platform_version = _dotted_version(number if "." in number else f"{number}.0") if number else _NO_VERSION
        if platform_version is None:
            return None
        return cls._make(
            _RANK_KNOWN,
            _NET_CORE_APP,
            version,
            platform=platform,
            platform_version=platform_version,
            original=text,
        )

    @classmethod
    def _from_full_name(cls, text: str) -> TargetFramework | None:
        """Read `.NETFramework,Version=v4.5,Profile=Client`; another identifier makes a framework of its own."""
        first, *rest = (part.strip() for part in text.split(",") if part) if text.strip(",") else ("",)
        versions = [part[len("version=") :] for part in rest if part.lower().startswith("version=")]
        identifier = _IDENTIFIERS.get(first.lower(), first if versions else None)
        if not identifier:
            return None
        profiles = [part[len("profile=") :] for part in rest if part.lower().startswith("profile=")]
        version: FrameworkVersion | None = _NO_VERSION
        if len(versions) == 1:
            number = versions[0].lstrip("v")
            version = _dotted_version(number if "." in number else f"{number}.0")
        if version is None:
            return None
        profile = profiles[0] if len(profiles) == 1 else ""
        if identifier == _NET_CORE_APP and version[0] >= _FIRST_PLAIN_NET:
            profile = ""
        return cls._make(_RANK_KNOWN, identifier, version, profile=profile, original=text)

    @property
    def identifier(self) -> str:
        """NuGet's long identifier, such as `.NETCoreApp` for net8.0; `Any`; or an unknown text as written."""
        return self._identifier

    @property
    def version(self) -> FrameworkVersion:
        """Four numbers, 0 where nothing is written."""
        return self._version

    @property
    def profile(self) -> str:
        """Such as `Client`, or the `+` separated frameworks of a portable library, or empty."""
        return self._profile

    @property
    def platform(self) -> str:
        """Such as `windows` for `net8.0-windows7.0`, or empty."""
        return self._platform

    @property
    def platform_version(self) -> FrameworkVersion:
        """Four numbers, 0 where nothing is written."""
        return self._platform_version

    @property
    def original(self) -> str:
        """The text as written; empty for an absent attribute."""
        return self._original

    @property
    def is_any(self) -> bool:
        """Whether it stands for every framework."""
        return self._key[0] == _RANK_ANY

    @property
    def is_known(self) -> bool:
        """Whether NuGet knows the framework; nuget.org refuses a package with one that it does not know."""
        return self._key[0] != _RANK_UNKNOWN

    @property
    def short_name(self) -> str:
        """NuGet's folder name, such as `netstandard2.0` or `net472`; `any`; or an unknown text as written."""
        if not self.is_known:
            return self._identifier
        if self._key[0] == _RANK_ANY or self._identifier == _AGNOSTIC:
            return self._identifier.lower()
        plain_net = self._identifier == _NET_CORE_APP and self._version[0] >= _FIRST_PLAIN_NET
        name = "net" if plain_net else _SHORT_NAMES.get(self._identifier) or _OTHER_THAN_WORD.sub("", self._identifier)
        if self._identifier != _NET_PLATFORM or self._version != (5, 0, 0, 0):
            name += self._version_text(self._version)
        suffix = _SHORT_PROFILES.get(self._profile.lower(), self._profile)
        if self._platform:
            suffix = self._platform + self._version_text(self._platform_version)
        return (f"{name}-{suffix}" if suffix else name).lower()

    def _version_text(self, version: FrameworkVersion) -> str:
        """A version as a folder name has it: no trailing zeros, and dots only where they are needed."""
        if version == _NO_VERSION:
            return ""
        least = 1 if self._identifier in _ONE_NUMBER_ENOUGH else 2
        count = max([least, *(position for position, number in enumerate(version, 1) if number)])
        if self._identifier in _DOTTED or any(number > 9 for number in version):
            return ".".join(map(str, version[: max(count, 2)]))
        return "".join(map(str, version[:count]))

    def __str__(self) -> str:
        return self.short_name

    def __repr__(self) -> str:
        return f"TargetFramework({self.short_name!r})"

    def __hash__(self) -> int:
        return hash(self._key)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, TargetFramework):
            return NotImplemented
        return self._key == other._key

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, TargetFramework):
            return NotImplemented
        return self._key < other._key


def _folder_version(text: str) -> FrameworkVersion | None:
    """The version of a folder name: with dots as it stands, else one digit a number, so 451 is 4.5.1."""
    if not text:
        return _NO_VERSION
    return _dotted_version(text if "." in text else ".".join(text.ljust(2, "0")[:4]))


def _dotted_version(text: str) -> FrameworkVersion | None:
    """Two to four numbers between dots (.NET's System.Version), or None."""
    parts = text.split(".")
    if not 2 <= len(parts) <= 4:
        return None
    numbers = []
    for part in parts:
        significant = part.lstrip("0")
        if not (part.isascii() and part.isdigit()) or len(significant) > len(str(_MAX_NUMBER)):
            return None
        numbers.append(int(significant or "0"))
    if max(numbers) > _MAX_NUMBER:
        return None
    major, minor, build, revision = numbers + [0] * (4 - len(numbers))
    return major, minor, build, revision


ANY_FRAMEWORK = TargetFramework.parse(None)
"""What a dependency group without a target framework, and a flat dependency, is for."""
