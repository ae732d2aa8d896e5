//! How a run ends: the exit codes, and failures that know theirs.
//!
//! A command ends in an [`Exit`] (it did its work, perhaps with findings) or in a [`Failure`] (it
//! could not). Every failure says which code it ends in at the place where its cause is known, so
//! that no code is guessed from a message later.

use std::process::ExitCode;

/// The exit codes, the same for every command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// 0: done.
    Success,
    /// 1: done, and there are findings, failed tests or differences.
    Findings,
    /// 2: the command line, the environment or a configuration file is wrong.
    Usage,
    /// 3: an input cannot be read.
    Input,
    /// 4: the network, a registry or its authentication failed.
    Network,
    /// 5: refused by policy, as other bytes for a published version are.
    Refused,
    /// 101: a bug of this program.
    Bug,
    /// 130: a signal asked the program to end.
    Interrupted,
}

impl Exit {
    /// The code.
    pub(crate) fn code(self) -> u8 {
        match self {
            Self::Success => 0,
            Self::Findings => 1,
            Self::Usage => 2,
            Self::Input => 3,
            Self::Network => 4,
            Self::Refused => 5,
            Self::Bug => 101,
            Self::Interrupted => 130,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

/// Why a command could not do its work.
#[derive(Debug)]
pub(crate) struct Failure {
    /// The code that the process ends in.
    pub(crate) exit: Exit,
    /// What happened, outermost first.
    pub(crate) error: anyhow::Error,
    /// How to mend it.
    pub(crate) help: Option<String>,
}

impl Failure {
    /// A failure that ends in `exit`, with its one-sentence reason.
    pub(crate) fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self {
            exit,
            error: anyhow::Error::msg(message.into()),
            help: None,
        }
    }

    /// Adds how to mend it.
    #[must_use]
    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// What every command gives.
pub(crate) type CommandResult = Result<Exit, Failure>;

/// Says, where an error is met, which exit code it stands for.
pub(crate) trait OrExit<T> {
    /// The value, or a failure that ends in `exit`.
    fn or_exit(self, exit: Exit) -> Result<T, Failure>;
}

impl<T, E: Into<anyhow::Error>> OrExit<T> for Result<T, E> {
    fn or_exit(self, exit: Exit) -> Result<T, Failure> {
        self.map_err(|error| Failure {
            exit,
            error: error.into(),
            help: None,
        })
    }
}
