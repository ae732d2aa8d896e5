//! Runs the program as a user does, in a scratch directory and with an empty environment.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A scratch directory to run in; it goes when the value is dropped.
#[derive(Debug)]
pub(crate) struct Scratch {
    directory: tempfile::TempDir,
}

/// What a run showed.
#[derive(Debug)]
pub(crate) struct Run {
    /// The exit code; -1 after a signal.
    pub(crate) code: i32,
    /// All of stdout.
    pub(crate) stdout: String,
    /// All of stderr.
    pub(crate) stderr: String,
}

impl Scratch {
    /// An empty directory.
    pub(crate) fn new() -> Self {
        Self {
            directory: tempfile::tempdir().unwrap(),
        }
    }

    /// The directory.
    pub(crate) fn path(&self) -> &Path {
        self.directory.path()
    }

    /// The path `name` in it.
    pub(crate) fn join(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// Writes a file, with the directories above it.
    #[expect(clippy::disallowed_methods, reason = "tests use the real disk")]
    pub(crate) fn write(&self, name: &str, data: impl AsRef<[u8]>) -> &Self {
        let path = self.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, data).unwrap();
        self
    }

    /// Copies a directory with all that is in it; gives how many entries it has.
    #[expect(clippy::disallowed_methods, reason = "tests use the real disk")]
    pub(crate) fn copy(&self, from: &Path, name: &str) -> usize {
        fn all(from: &Path, to: &Path) -> usize {
            std::fs::create_dir_all(to).unwrap();
            let mut count = 0;
            for entry in std::fs::read_dir(from).unwrap() {
                let entry = entry.unwrap();
                let (path, to) = (entry.path(), to.join(entry.file_name()));
                if entry.file_type().unwrap().is_dir() {
                    all(&path, &to);
                } else {
                    std::fs::copy(&path, &to).unwrap();
                }
                count += 1;
            }
            count
        }
        all(from, &self.join(name))
    }

    /// Reads a file as text.
    #[expect(clippy::disallowed_methods, reason = "tests use the real disk")]
    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.join(name)).unwrap()
    }

    /// The names in a directory below, sorted; empty when there is none.
    #[expect(clippy::disallowed_methods, reason = "tests use the real disk")]
    pub(crate) fn list(&self, name: &str) -> Vec<String> {
        let Ok(entries) = std::fs::read_dir(self.join(name)) else {
            return Vec::new();
        };
        let mut names: Vec<String> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    /// The program, ready to get arguments and more environment.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_addon-pack"));
        command.current_dir(self.path()).env_clear();
        command
    }

    /// Runs the program with `arguments`.
    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        Run::of(self.command().args(arguments))
    }
}

impl Run {
    /// Runs `command` to its end.
    pub(crate) fn of(command: &mut Command) -> Self {
        let Output {
            status,
            stdout,
            stderr,
        } = command.output().unwrap();
        Self {
            code: status.code().unwrap_or(-1),
            stdout: String::from_utf8(stdout).unwrap(),
            stderr: String::from_utf8(stderr).unwrap(),
        }
    }

    /// Fails the test, showing everything, unless the run ended in `code`.
    #[track_caller]
    pub(crate) fn exits(self, code: i32) -> Self {
        assert_eq!(
            self.code, code,
            "stdout:\n{}\nstderr:\n{}",
            self.stdout, self.stderr
        );
        self
    }
}
