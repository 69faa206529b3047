"""Target frameworks: one framework in many spellings, shown in one, and unknown ones left alone."""

from __future__ import annotations

import copy
import itertools
import pickle
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from umbmarket.nuget import ANY_FRAMEWORK, TargetFramework


def f(text: str | None) -> TargetFramework:
    return TargetFramework.parse(text)


@pytest.mark.parametrize(
    ("text", "short_name"),
    [
        ("net8.0", "net8.0"),
        ("net10.0", "net10.0"),
        ("NET8.0", "net8.0"),
        ("net8", "net8.0"),
        ("net5.0", "net5.0"),
        ("netcoreapp5.0", "net5.0"),
        (".NETCoreApp,Version=v8.0", "net8.0"),
        ("net8.0-windows", "net8.0-windows"),
        ("net8.0-windows7.0", "net8.0-windows7.0"),
        ("net8.0-Windows7.0", "net8.0-windows7.0"),
        ("net8.0-windows10.0.19041.0", "net8.0-windows10.0.19041"),
        ("net8.0-android34", "net8.0-android34.0"),
        ("net8.0-ios0.0", "net8.0-ios"),
        ("netcoreapp3.1", "netcoreapp3.1"),
        (".NETCoreApp3.1", "netcoreapp3.1"),
        ("netcoreapp31", "netcoreapp3.1"),
        (".NETStandard2.0", "netstandard2.0"),
        ("netstandard20", "netstandard2.0"),
        (".NETStandard,Version=v2.0", "netstandard2.0"),
        ("netstandard", "netstandard"),
        ("net472", "net472"),
        (".NETFramework4.7.2", "net472"),
        (".NETFramework,Version=v4.7.2", "net472"),
        (".NETFramework, Version=4.5", "net45"),
        ("NETFramework4.5", "net45"),
        ("net4.5.0", "net45"),
        ("net450", "net45"),
        ("net4", "net40"),
        ("net40-client", "net40-client"),
        (".NETFramework,Version=v4.0,Profile=Client", "net40-client"),
        ("net40-full", "net40"),
        ("net45-cf", "net45-cf"),
        (".NETFramework,Version=v4.5,Profile=CompactFramework", "net45-cf"),
        ("net45-other", "net45-other"),
        ("net", "net"),
        # Without a dot each digit is a number: this is .NET Framework 1.0, not .NET 10.
        ("net10", "net10"),
        ("45", "net45"),
        ("3.5", "net35"),
        ("uap10.0", "uap10.0"),
        ("sl5", "sl5"),
        ("win8", "win8"),
        ("windows8.1", "win81"),
        ("win10.1.2.3", "win10.1.2.3"),
        ("dotnet", "dotnet"),
        ("dotnet5.4", "dotnet54"),
        ("netnano1.0", "netnano1.0"),
        ("monoandroid", "monoandroid"),
        ("Xamarin.iOS1.0", "xamarinios10"),
        ("tizen4.0", "tizen40"),
        ("portable-net45+win8", "portable-net45+win8"),
        ("portable-win8+net45+net45", "portable-net45+win8"),
        ("portable-win8%2Bnet45", "portable-net45+win8"),
        (".NETPortable,Version=v4.5,Profile=Profile259", "portable45-profile259"),
        # Measured with NuGet.Frameworks 7.6: another identifier is a framework of its own.
        ("Foo,Version=v1.0", "foo10"),
        ("Foo.Bar,Version=v10.1,Profile=X", "foobar10.1-x"),
        ("xamarinpsthree", "xamarinpsthree"),
        ("Xamarin.XboxOne", "xamarinxboxone"),
        ("any", "any"),
        ("Agnostic", "agnostic"),
    ],
)
def test_known_spellings(text: str, short_name: str) -> None:
    framework = f(text)
    assert framework.short_name == short_name
    assert str(framework) == short_name
    assert framework.is_known
    assert framework.original == text
    assert repr(framework) == f"TargetFramework({short_name!r})"


def test_parts() -> None:
    framework = f("net8.0-windows10.0.19041")
    assert framework.identifier == ".NETCoreApp"
    assert framework.version == (8, 0, 0, 0)
    assert framework.platform == "windows"
    assert framework.platform_version == (10, 0, 19041, 0)
    assert framework.profile == ""
    client = f("net403-client")
    assert (client.identifier, client.version, client.profile) == (".NETFramework", (4, 0, 3, 0), "Client")
    assert f("net10").identifier == ".NETFramework"
    assert f("net10.0").identifier == ".NETCoreApp"


@pytest.mark.parametrize("text", [None, "", "any", "Any", "ANY"])
def test_no_framework_means_any(text: str | None) -> None:
    framework = f(text)
    assert framework.is_any
    assert framework.is_known
    assert framework == ANY_FRAMEWORK
    assert framework.short_name == "any"
    assert framework.original == (text or "")


UNKNOWN = [
    "foo",
    "Foo45",
    " net8.0",
    "net8.0 ",
    "net 8.0",
    "net8.0;net9.0",
    "net4.5.1.2.3",
    "net4.",
    "net8.0-",
    "46",
    " ",
]
UNKNOWN += [
    "net8.0-windows7.x",
    "net8.0-windows1.2.3.4.5",
    "portable",
    "portable-",
    ",",
    ",,",
    "Foo,Profile=x",
    "net8.0,net9.0",
    ".NETFramework,Version=V4.5",
    "unsupported",
]
UNKNOWN += [
    ".NETFramework,Version=vX",
    "net99999999999.0",
    "net2147483648.0",
    "net\u0664\u0665",
    "net8.0-w\u00efndows",
    "$framework$",
    "net8.0\n",
]


@pytest.mark.parametrize("text", UNKNOWN)
def test_unknown_spellings_survive(text: str) -> None:
    framework = f(text)
    assert not framework.is_known
    assert not framework.is_any
    assert framework.short_name == text
    assert framework.identifier == text
    assert framework == f(text)
    assert framework != f("net8.0")


@pytest.mark.parametrize(
    "equal",
    [
        ("net8.0", "NET8.0", "net8", "netcoreapp8.0", ".NETCoreApp8.0", ".NETCoreApp,Version=v8.0"),
        (".NETStandard2.0", "netstandard2.0", "netstandard20", ".netstandard, version=v2.0"),
        ("net472", ".NETFramework4.7.2", "net4.7.2", "NETFramework,Version=v4.7.2"),
        ("net8.0-windows7.0", "net8.0-Windows7", "netcoreapp8.0-windows7.0.0"),
        ("net45", "net45-full", "45"),
        ("portable-net45+win8", "Portable-win8+NET45"),
        ("Foo1", "foo1"),
    ],
)
def test_equality(equal: tuple[str, ...]) -> None:
    for a, b in itertools.product(map(f, equal), repeat=2):
        assert a == b
        assert hash(a) == hash(b)


def test_inequality() -> None:
    different = [
        "net8.0",
        "net9.0",
        "net8.0-windows",
        "net8.0-windows7.0",
        "netcoreapp3.1",
        "net40",
        "net40-client",
    ]
    different += [
        "netstandard2.0",
        "net10",
        "net10.0",
        "any",
        "agnostic",
        "foo",
        "portable-net45",
        "portable-net46",
    ]
    assert len(set(map(f, different))) == len(different)
    assert f("net8.0") != "net8.0"


def test_order_is_that_of_nugets_readers() -> None:
    ascending = ["any", "netcoreapp3.1", "net5.0", "net8.0", "net8.0-android", "net8.0-windows7.0", "net10.0"]
    ascending += [
        "net40",
        "net40-client",
        "net472",
        "netstandard1.6",
        "netstandard2.0",
        "agnostic",
        "uap10.0",
    ]
    ascending += ["aaa", "foo"]
    frameworks = [f(text) for text in ascending]
    backwards = frameworks[::-1]
    assert [str(framework) for framework in sorted(backwards)] == ascending
    assert f("net8.0") <= f("NET8.0")
    assert f("net9.0") >= f("net8.0")
    with pytest.raises(TypeError):
        assert f("net8.0") < "net9.0"


def test_is_immutable_and_survives_copying() -> None:
    framework = f("net8.0-windows7.0")
    for name in ("identifier", "short_name", "anything_else"):
        with pytest.raises(AttributeError):
            setattr(framework, name, "x")
    for twin in (copy.deepcopy(framework), pickle.loads(pickle.dumps(framework))):
        assert twin == framework
        assert twin.original == "net8.0-windows7.0"


NAMES = st.sampled_from(["net", "netstandard", ".NETCoreApp", "netcoreapp", "portable", "sl", "uap", "wp", "dotnet"])
TAILS = st.text(alphabet="0123456789.-+abw%", max_size=10)


@settings(max_examples=300)
@given(st.text(max_size=20) | st.builds("{}{}".format, NAMES, TAILS) | st.builds("{},Version=v{}".format, NAMES, TAILS))
def test_any_text_is_read(text: str) -> None:
    framework = f(text)
    assert framework.original == text
    assert framework.short_name or not text
    assert framework == f(text)
    assert framework.is_known or framework.short_name == text


@settings(max_examples=200)
@given(
    st.builds(
        "{}{}.{}".format,
        st.sampled_from(["net", "netcoreapp", "netstandard"]),
        st.integers(0, 12),
        st.integers(0, 9),
    )
)
def test_short_name_reads_back(text: str) -> None:
    assert f(f(text).short_name) == f(text) or f(text).version == (0, 0, 0, 0)


HUGE_TEXTS = {
    "dots": "." * 100_000 + "!",
    "letters": "n" * 100_000,
    "digits": "net" + "4" * 100_000,
    "dotted digits": "net" + "4." * 100_000,
    "profile": "net45-" + "a" * 100_000 + "!",
    "platform": "net8.0-windows" + "1" * 100_000 + ".1",
    "commas": "," * 100_000,
    "portable": "portable-" + "net45+" * 20_000,
    "percent": "%2" * 50_000,
}


@pytest.mark.parametrize("text", HUGE_TEXTS.values(), ids=HUGE_TEXTS)
def test_a_huge_text_is_read_quickly(text: str) -> None:
    started = time.process_time()
    assert f(text).original == text
    assert f(text).short_name
    assert time.process_time() - started < 2
