"""The files of a new package: the plain layout, and a Maven module that builds one.

Everything in them is true of the package as it is made, so that nothing has to be replaced before it is published.
Sources of what they hold: Nuxeo's documentation on creating packages and on `ant-assembly-maven-plugin`, and its
generator (nuxeo/generator-nuxeo-meta) for which files a module has.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from umbmarket.findings import quote
from umbmarket.formats.xml.writing import escaped, quoted
from umbmarket.nuget.licenses import APPROVED_LICENSES
from umbmarket.nuxeo.maven_parent import Coordinates
from umbmarket.nuxeo.wrong_use import WrongUse

NAME = re.compile(r"[a-zA-Z_][a-zA-Z0-9_-]*[a-zA-Z0-9_]|[a-zA-Z_]")
"""What a package may be called: letters, digits, underscores and dashes, and a letter or underscore first. Nuxeo's
documentation allows what Java identifiers are made of and dashes; other letters would not survive every file system."""

PLUGIN_VERSION = "2.0.3"
"""The version of `ant-assembly-maven-plugin` that Nuxeo's documentation names."""

FIRST_VERSION = "1.0.0-SNAPSHOT"
"""The version of a new package: a snapshot, since a release cannot be replaced."""

_MAVEN_NAME = re.compile(r"[A-Za-z0-9_.-]+|\$\{[A-Za-z0-9_.-]+\}")
_VERSION = re.compile(r"[0-9]+(?:\.[0-9]+){0,2}(?:-[A-Za-z0-9_.-]+)?")
_PLATFORM = re.compile(r"(?P<name>[A-Za-z][A-Za-z0-9_]*)(?:-(?P<version>[0-9]+(?:\.[0-9]+){0,2}))?")
_RANGE = re.compile(r"(?P<name>[A-Za-z][A-Za-z0-9_]*)[ :](?P<range>[\[(][^\s<>&]*[\])])")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

FIRST_TARGET_PLATFORM = 2021
"""The first year of `lts`, and of servers that all read `target-platform` (it came with 11.4)."""

_LTS_RANGE = "[2021.0,2026)"
"""Every long-term support version there is (2021, 2023, 2025), and none that nobody knows yet."""


@dataclass(frozen=True, slots=True)
class Platform:
    """Which servers a package is for.

    Attributes:
        name: of the distribution: `lts`, or `server` up to 11.
        range: the versions, for `target-platform`; empty for the older form.
        patterns: for `platforms`, which servers before 11.4 read.
    """

    name: str
    range: str = ""
    patterns: tuple[str, ...] = ()


def platform_of(text: str) -> Platform:
    """The servers that are meant.

    Args:
        text: `lts`, `server`, a version such as `lts-2023`, `lts-2023.5` or `server-10.10`, or a name and a range
            such as `lts [2023.0,2024)`.

    Raises:
        WrongUse: it is none of these.
    """
    given = _RANGE.fullmatch(text.strip())
    if given is not None:
        from umbmarket.nuxeo.platforms import InvalidPlatformRange, PlatformRange

        try:
            PlatformRange.parse(given["range"])
        except InvalidPlatformRange as error:
            raise WrongUse(f"{quote(given['range'])} is not a range of versions: {error}") from None
        return Platform(given["name"], given["range"])
    found = _PLATFORM.fullmatch(text.strip())
    if found is None or (found["version"] is None and found["name"] not in ("lts", "server")):
        raise WrongUse(f'{quote(text)} is not a platform such as lts, lts-2023, server-10.10 or "lts [2023.0,2024)"')
    name, version = found["name"], found["version"]
    if version is None:
        return Platform(name, _LTS_RANGE) if name == "lts" else _older(name, "10.10")
    major = int(version.partition(".")[0])
    if major < FIRST_TARGET_PLATFORM:
        return _older(name, version)
    return Platform(name, f"[{version if '.' in version else f'{version}.0'},{major + 1})")


def _older(name: str, version: str) -> Platform:
    # `server-10.10` alone does not match a server with a hotfix, which says `server-10.10-HF05`.
    return Platform(name, patterns=(f"{name}-{version}", f"{name}-{version}-HF*"))


@dataclass(frozen=True, slots=True)
class Maven:
    """What a Maven module says of itself.

    Attributes:
        coordinates: of the module; group and version are empty where its parent's hold.
        parent: its parent, or None.
        has_relative_parent: the parent is the project that it is a module of.
        manages_plugin: the parent says which version of the plugin is used.
        company: the organisation; empty for none.
    """

    coordinates: Coordinates
    parent: Coordinates | None = None
    has_relative_parent: bool = False
    manages_plugin: bool = False
    company: str = ""


@dataclass(frozen=True, slots=True)
class NewPackage:
    """What a new package says of itself.

    Attributes:
        name: see `NAME`.
        version: with a number first.
        title: for people.
        vendor: who makes it.
        description: one sentence; a true one is made where it is empty.
        license: an SPDX id or any other name; empty for none.
        platform: which servers it is for.
        maven: None for the plain layout.
    """

    name: str
    version: str
    title: str
    vendor: str
    description: str
    license: str
    platform: Platform
    maven: Maven | None = None


def check_name(name: str) -> str:
    """The name itself.

    Raises:
        WrongUse: no package should be called so; with a name that is near.
    """
    if NAME.fullmatch(name):
        return name
    near = re.sub(r"[^a-z0-9_]+", "-", name.lower()).strip("-0123456789")
    hint = f"; {quote(near)} is one" if NAME.fullmatch(near) else ""
    raise WrongUse(
        f"{quote(name)} is not a package name, which has letters, digits, dashes and underscores, and begins with a "
        f"letter or underscore{hint}"
    )


def check_version(version: str) -> str:
    """The version itself.

    Raises:
        WrongUse: Nuxeo would make another version of it than it says.
    """
    if not _VERSION.fullmatch(version):
        raise WrongUse(f"{quote(version)} is not a version such as 1.0.0, 1.2 or 1.0.0-SNAPSHOT")
    return version


def check_text(text: str, what: str) -> str:
    """The text itself, without white space around it.

    Raises:
        WrongUse: it cannot stand in XML.
    """
    if _NOT_XML.search(text):
        raise WrongUse(f"the {what} {quote(text)} contains a character that XML does not allow")
    return " ".join(text.split())


def coordinates_of(text: str, what: str = "parent") -> Coordinates:
    """What `GROUP:ARTIFACT:VERSION` says.

    Raises:
        WrongUse: it is something else.
    """
    parts = text.strip().split(":")
    if len(parts) != 3:
        raise WrongUse(f"{quote(text)} is not a {what}, which is GROUP:ARTIFACT:VERSION")
    return Coordinates(*(check_maven(part, what) for part in parts))


def check_maven(text: str, what: str) -> str:
    """The text itself.

    Raises:
        WrongUse: Maven takes no such group, artifact or version.
    """
    if not _MAVEN_NAME.fullmatch(text):
        raise WrongUse(f"{quote(text)} is not a {what}, which has letters, digits, dots, dashes and underscores")
    return text


def title_of(name: str) -> str:
    """A title from a name: `my-package` becomes `My package`."""
    words = re.sub(r"[-_]+", " ", name).strip() or name
    return words[:1].upper() + words[1:]


def files_of(package: NewPackage) -> dict[str, str]:
    """The files of a new package, by their paths with forward slashes."""
    tree = "" if package.maven is None else "src/main/resources/"
    files = {
        f"{tree}package.xml": _manifest(package),
        f"{tree}install.xml": _install(package),
        f"{tree}install/templates/{package.name}/nuxeo.defaults": _defaults(package),
    }
    if package.maven is None:
        return files
    return {
        "pom.xml": _pom(package, package.maven),
        "src/main/assemble/assembly.xml": _assembly(package),
        **files,
    }


def folders_of(package: NewPackage) -> tuple[str, ...]:
    """Folders without a file in them yet."""
    return ("install/bundles",) if package.maven is None else ()


_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'


def _manifest(package: NewPackage) -> str:
    version = package.version if package.maven is None else "@VERSION@"
    description = package.description or f"Adds the configuration template {package.name} to a Nuxeo server."
    texts = [("title", package.title), ("description", description), ("vendor", package.vendor)]
    lines = [f"  <{name}>{escaped(text)}</{name}>" for name, text in texts]
    lines += _platform_lines(package.platform)
    if package.license:
        lines.append(f"  <license>{escaped(package.license)}</license>")
        if package.license in APPROVED_LICENSES:
            lines.append(f"  <license-url>https://spdx.org/licenses/{package.license}.html</license-url>")
    # The server reads templates when it starts.
    lines += ['  <installer restart="true" />', '  <uninstaller restart="true" />']
    return "\n".join(
        [
            f'{_DECLARATION}<package type="addon" name={quoted(package.name)} version={quoted(version)}>',
            *lines,
            "</package>\n",
        ]
    )


def _platform_lines(platform: Platform) -> list[str]:
    if platform.range:
        return [
            "  <target-platform>",
            f"    <name>{escaped(platform.name)}</name>",
            f"    <version>{escaped(platform.range)}</version>",
            "  </target-platform>",
        ]
    patterns = [f"    <platform>{escaped(pattern)}</platform>" for pattern in platform.patterns]
    return ["  <platforms>", *patterns, "  </platforms>"]


_BUNDLES = '<update dir="${package.root}/install/bundles" todir="${env.bundles}" />'


def _install(package: NewPackage) -> str:
    bundles = (
        "  <!-- Put bundles (jars) into install/bundles, and take this command out of the comment:\n"
        f"  {_BUNDLES}\n"
        "  -->\n"
    )
    if package.maven is not None:
        bundles = "  @BUNDLES@\n"
    return (
        f"{_DECLARATION}<install>\n{bundles}"
        '  <copy dir="${package.root}/install/templates" todir="${env.templates}" overwrite="true" />\n'
        f"  <config addtemplate={quoted(package.name)} />\n"
        "</install>\n"
    )


def _defaults(package: NewPackage) -> str:
    return (
        f"# Defaults of the configuration template {package.name}; what nuxeo.conf says comes before them.\n"
        "nuxeo.template.includes=common\n"
    )


def _pom(package: NewPackage, maven: Maven) -> str:
    own, parent = maven.coordinates, maven.parent
    lines = ["  <modelVersion>4.0.0</modelVersion>"]
    if parent is not None:
        # Maven looks into the folder above by itself; an empty path sends it to the repositories.
        path = [] if maven.has_relative_parent else ["    <relativePath />"]
        lines += ["  <parent>", *_coordinate_lines(parent, "    "), *path, "  </parent>"]
    lines += ["", *_coordinate_lines(own, "  "), "  <packaging>zip</packaging>"]
    lines += [f"  <name>{escaped(package.title)}</name>"]
    if package.description:
        lines += [f"  <description>{escaped(package.description)}</description>"]
    if maven.company:
        lines += ["  <organization>", f"    <name>{escaped(maven.company)}</name>", "  </organization>"]
    lines += [
        "",
        "  <!-- Each bundle that the package brings is a dependency here. -->",
        "  <dependencies>",
        "  </dependencies>",
        "",
        *(line for line in _PLUGIN if line != _PLUGIN_VERSION_LINE or not maven.manages_plugin),
    ]
    if not maven.manages_plugin:
        lines += ["", *_REPOSITORY]
    head = (
        f'{_DECLARATION}<project xmlns="http://maven.apache.org/POM/4.0.0"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"\n'
        '    xsi:schemaLocation="http://maven.apache.org/POM/4.0.0 https://maven.apache.org/xsd/maven-4.0.0.xsd">'
    )
    return "\n".join([head, *lines, "</project>\n"])


def _coordinate_lines(coordinates: Coordinates, indent: str) -> list[str]:
    group, artifact, version = coordinates
    texts = [("groupId", group), ("artifactId", artifact), ("version", version)]
    return [f"{indent}<{name}>{escaped(text)}</{name}>" for name, text in texts if text]


_PLUGIN_VERSION_LINE = f"        <version>{PLUGIN_VERSION}</version>"
# With `extensions` the plugin brings the packaging "zip", whose build is the assembly.
_PLUGIN = (
    "  <build>",
    "    <plugins>",
    "      <plugin>",
    "        <groupId>org.nuxeo.build</groupId>",
    "        <artifactId>ant-assembly-maven-plugin</artifactId>",
    _PLUGIN_VERSION_LINE,
    "        <extensions>true</extensions>",
    "        <configuration>",
    "          <buildFiles>",
    "            <buildFile>${basedir}/src/main/assemble/assembly.xml</buildFile>",
    "          </buildFiles>",
    "        </configuration>",
    "      </plugin>",
    "    </plugins>",
    "  </build>",
)
_REPOSITORY = (
    "  <pluginRepositories>",
    "    <pluginRepository>",
    "      <id>nuxeo-public</id>",
    "      <url>https://packages.nuxeo.com/repository/maven-public/</url>",
    "    </pluginRepository>",
    "  </pluginRepositories>",
)


def _assembly(package: NewPackage) -> str:
    return _ASSEMBLY.replace("NAME", package.name)


_ASSEMBLY = """<?xml version="1.0" encoding="UTF-8"?>
<!-- Builds target/ARTIFACT-VERSION.zip, a Nuxeo package, when Maven comes to the phase "package". -->
<project name="NAME" default="build" xmlns:artifact="urn:nuxeo-artifact">
  <taskdef resource="org/nuxeo/build/artifact/antlib.xml" uri="urn:nuxeo-artifact" />

  <target name="build">
    <property name="outdir" value="${maven.project.build.directory}" />
    <property name="tree" value="${outdir}/nuxeo-package" />
    <delete dir="${tree}" />
    <mkdir dir="${tree}/install" />

    <!-- The bundles: this project's own dependencies of its group. Those that the server has are "provided". -->
    <artifact:nuxeo-expand groupPrefixes="${maven.project.groupId}" />
    <copy todir="${tree}/install/bundles">
      <artifact:set>
        <includes>
          <artifact groupId="${maven.project.groupId}*" />
        </includes>
        <excludes>
          <artifact groupId="${maven.project.groupId}" artifactId="${maven.project.artifactId}" />
          <artifact scope="test" />
          <artifact scope="provided" />
          <artifact type="pom" />
        </excludes>
      </artifact:set>
    </copy>
    <property name="update" value="&lt;update dir=&quot;$${package.root}/install/bundles&quot;" />
    <condition property="bundles" value="${update} todir=&quot;$${env.bundles}&quot; /&gt;">
      <resourcecount when="greater" count="0">
        <fileset dir="${tree}/install" includes="bundles/*.jar" />
      </resourcecount>
    </condition>
    <property name="bundles" value="" />

    <!-- Tokens are replaced in these two alone: a picture in a template would not survive it. -->
    <copy todir="${tree}">
      <fileset dir="${maven.basedir}/src/main/resources" excludes="package.xml,install.xml" />
    </copy>
    <copy todir="${tree}" encoding="UTF-8" outputencoding="UTF-8">
      <fileset dir="${maven.basedir}/src/main/resources" includes="package.xml,install.xml" />
      <filterset>
        <filter token="VERSION" value="${maven.project.version}" />
        <filter token="BUNDLES" value="${bundles}" />
      </filterset>
    </copy>

    <property name="zip" value="${outdir}/${maven.project.artifactId}-${maven.project.version}.zip" />
    <delete file="${zip}" />
    <zip destfile="${zip}" basedir="${tree}" filesonly="true" encoding="UTF-8" />
    <artifact:attach file="${zip}" type="zip" />
  </target>
</project>
"""
