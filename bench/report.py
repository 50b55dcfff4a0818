"""Reports under bench/results: what they say of the machine, and the notes that people write below."""
import os, platform, subprocess

from servers import ROOT

RESULTS = os.path.join(ROOT, "bench/results")


def machine():
    return f"{os.cpu_count()} cores ({platform.machine()}, {platform.system()} {platform.release()})"


def dotnet():
    return subprocess.check_output(["dotnet", "--version"], text=True).strip()


def write(name, text, folder=RESULTS):
    """Writes a report; the notes of the one before stay."""
    path, notes = os.path.join(folder, name), ""
    if os.path.exists(path):
        old = open(path).read()
        notes = old[old.index("\n## Notes"):] if "\n## Notes" in old else ""
    open(path, "w").write(text + notes)
    print(text)
