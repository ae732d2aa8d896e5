//! The only place that prints.
//!
//! Whether to be quiet, to use colour and to show progress is decided once, here, from the options
//! and the environment. What a command was asked for (data, findings of `check`) goes to stdout;
//! everything about the work (status, warnings, progress, the summary line) to stderr. A reader
//! that closes the pipe early (`| head`) ends the printing, not the work: the exit code stays
//! that of the command.
//!
//! Nothing that is printed carries a control character of a user's file: callers pass such text
//! through [`source_vocab::render::visible`] or hand over diagnostics, which do.

use crate::cli::{ColorChoice, Global};
use crate::exit::Failure;
use crate::system;
use anstyle::{AnsiColor, Style};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use source_vocab::render::{Color, visible};
use std::io::{IsTerminal as _, Write};
use std::time::Duration;

const GOOD: Style = AnsiColor::Green.on_default().bold();
const WARNING: Style = AnsiColor::Yellow.on_default().bold();
const BAD: Style = AnsiColor::Red.on_default().bold();
const NOTE: Style = AnsiColor::Cyan.on_default().bold();

/// How much is said about the work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Verbosity {
    Quiet,
    Normal,
    Verbose,
}

/// Prints for one run of a command. It may be shared among threads; each call writes whole lines.
#[derive(Debug)]
pub(crate) struct Printer {
    verbosity: Verbosity,
    stderr_color: Color,
    progress: bool,
}

impl Printer {
    /// Decides from the options and the environment (`NO_COLOR`, `CLICOLOR`, `CLICOLOR_FORCE`,
    /// `TERM`) how to print.
    pub(crate) fn new(global: &Global) -> Self {
        let verbosity = match (global.quiet, global.verbose) {
            (true, _) => Verbosity::Quiet,
            (false, 0) => Verbosity::Normal,
            (false, _) => Verbosity::Verbose,
        };
        let stderr_is_terminal = std::io::stderr().is_terminal();
        let terminal_moves = system::variable("TERM").is_none_or(|term| term != "dumb");
        Self {
            verbosity,
            stderr_color: color(global.color, stderr_is_terminal),
            progress: stderr_is_terminal
                && terminal_moves
                && !global.no_progress
                && verbosity >= Verbosity::Normal,
        }
    }

    /// Whether colour goes to stderr.
    pub(crate) fn stderr_color(&self) -> Color {
        self.stderr_color
    }

    /// Writes what the command was asked for to stdout, as it is.
    #[expect(
        clippy::unused_self,
        reason = "all printing goes through a printer, also what no option changes"
    )]
    pub(crate) fn data(&self, text: &str) {
        write_quietly(std::io::stdout().lock(), text.as_bytes());
    }

    /// Writes bytes that the command was asked for to stdout, as they are.
    #[expect(
        clippy::unused_self,
        reason = "all printing goes through a printer, also what no option changes"
    )]
    pub(crate) fn bytes(&self, data: &[u8]) {
        write_quietly(std::io::stdout().lock(), data);
    }

    /// Writes `value` as indented JSON and a line feed to stdout.
    pub(crate) fn json(&self, value: &serde_json::Value) {
        self.data(&format!("{value:#}\n"));
    }

    /// Writes text made for people, diagnostics for example, to stderr as it is.
    pub(crate) fn text(&self, text: &str) {
        if self.verbosity >= Verbosity::Normal {
            write_quietly(std::io::stderr().lock(), text.as_bytes());
        }
    }

    /// Says on stderr what has been done: a verb, padded as cargo does, and its object.
    pub(crate) fn status(&self, verb: &str, object: &str) {
        if self.verbosity >= Verbosity::Normal {
            let verb = self.paint(GOOD, &format!("{verb:>12}"));
            self.line(&format!("{verb} {}", visible(object)));
        }
    }

    /// As [`Self::status`], only when the user wants to know more.
    pub(crate) fn detail(&self, verb: &str, object: &str) {
        if self.verbosity >= Verbosity::Verbose {
            self.status(verb, object);
        }
    }

    /// Writes a line on stderr, unless the user wants quiet.
    pub(crate) fn note(&self, line: &str) {
        if self.verbosity >= Verbosity::Normal {
            self.line(&visible(line));
        }
    }

    /// Warns on stderr about the run itself.
    pub(crate) fn warning(&self, message: &str) {
        if self.verbosity >= Verbosity::Normal {
            let word = self.paint(WARNING, "warning");
            self.line(&format!("{word}: {}", visible(message)));
        }
    }

    /// Shows a finding on stderr, already rendered; `--quiet` does not hide it.
    #[expect(
        clippy::unused_self,
        reason = "all printing goes through a printer, also what no option changes"
    )]
    pub(crate) fn finding(&self, text: &str) {
        write_quietly(std::io::stderr().lock(), text.as_bytes());
    }

    /// Says on stderr why the command failed; not even `--quiet` hides that.
    pub(crate) fn failure(&self, failure: &Failure) {
        let word = self.paint(BAD, "error");
        self.line(&format!("{word}: {}", visible(&sentence(&failure.error))));
        if let Some(help) = &failure.help {
            let word = self.paint(NOTE, "help");
            self.line(&format!("{word}: {}", visible(help)));
        }
    }

    /// A progress bar over `length` pieces of work on stderr; it shows nothing when stderr is no
    /// terminal, and only after a moment, so short work does not flicker.
    pub(crate) fn progress(&self, verb: &str, length: u64) -> Progress {
        if !self.progress {
            return Progress(None);
        }
        let bar = ProgressBar::with_draw_target(
            Some(length),
            ProgressDrawTarget::stderr_with_hz(PROGRESS_HZ),
        );
        if let Ok(style) =
            ProgressStyle::with_template("{prefix:>12.bold} [{bar:25}] {pos}/{len} {wide_msg}")
        {
            bar.set_style(style);
        }
        bar.set_prefix(verb.to_owned());
        bar.enable_steady_tick(Duration::from_millis(250));
        Progress(Some(bar))
    }

    fn paint(&self, style: Style, text: &str) -> String {
        match self.stderr_color {
            Color::Always => format!("{style}{text}{style:#}"),
            Color::Never => text.to_owned(),
        }
    }

    #[expect(
        clippy::unused_self,
        reason = "all printing goes through a printer, also what no option changes"
    )]
    fn line(&self, line: &str) {
        write_quietly(std::io::stderr().lock(), format!("{line}\n").as_bytes());
    }
}

const PROGRESS_HZ: u8 = 10;

/// A running progress bar, or nothing where none is wanted. It vanishes when dropped.
#[derive(Debug)]
pub(crate) struct Progress(Option<ProgressBar>);

impl Progress {
    /// One more piece is done; `name` is what it was.
    pub(crate) fn step(&self, name: &str) {
        if let Some(bar) = &self.0 {
            bar.set_message(visible(name));
            bar.inc(1);
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}

/// Prints what clap has to say: help and version to stdout, a wrong usage to stderr.
pub(crate) fn print_usage(error: &clap::Error) {
    // a closed pipe is the only way this fails, and then there is nobody to tell
    let _ = error.print();
}

/// Prints, after a panic's own message, that it is our fault.
pub(crate) fn print_bug() {
    write_quietly(
        std::io::stderr().lock(),
        b"error: this is a bug of addon-pack; please report it with the lines above\n",
    );
}

/// Prints why the run ends early.
pub(crate) fn print_interrupted() {
    write_quietly(std::io::stderr().lock(), b"error: interrupted\n");
}

fn color(choice: ColorChoice, is_terminal: bool) -> Color {
    let set = |name: &str| system::variable(name).is_some_and(|value| !value.is_empty());
    let on = match choice {
        ColorChoice::Always => true,
        ColorChoice::Never => false,
        ColorChoice::Auto if set("NO_COLOR") => false,
        ColorChoice::Auto
            if system::variable("CLICOLOR_FORCE")
                .is_some_and(|value| value != "0" && !value.is_empty()) =>
        {
            true
        }
        ColorChoice::Auto => {
            is_terminal
                && system::variable("CLICOLOR").is_none_or(|value| value != "0")
                && system::variable("TERM").is_none_or(|term| term != "dumb")
        }
    };
    if on { Color::Always } else { Color::Never }
}

/// The chain of reasons as one sentence; a reason that its cause repeats is said once.
fn sentence(error: &anyhow::Error) -> String {
    let mut text = String::new();
    for cause in error.chain() {
        let cause = cause.to_string();
        if text.ends_with(&cause) {
            continue;
        }
        if !text.is_empty() {
            text.push_str(": ");
        }
        text.push_str(&cause);
    }
    text
}

/// Writes all of `data`. A reader that went away is no failure of the command.
fn write_quietly(mut to: impl Write, data: &[u8]) {
    let _ = to.write_all(data).and_then(|()| to.flush());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chain_of_reasons_is_one_sentence_without_echo() {
        let error = anyhow::anyhow!("no such file")
            .context("cannot read `a`: no such file")
            .context("cannot load the addon");
        assert_eq!(
            sentence(&error),
            "cannot load the addon: cannot read `a`: no such file"
        );
    }
}
