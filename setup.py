"""The voices that ship stand at the top level, where users look for them; the wheel carries them as yomicast/voices."""

from setuptools import find_namespace_packages, setup

setup(
    packages=[*find_namespace_packages(include=["yomicast*"]), "yomicast.voices"],
    package_dir={"yomicast.voices": "voices"},
)
