//! The black-box tests of the binary: one module a command, one binary for all.
//!
//! Each test runs the real program in a directory of its own with a stated environment, and looks
//! at what a person or a script sees: exit code, stdout, stderr, files.

#[cfg(test)]
mod http;
#[cfg(test)]
mod run;
#[cfg(test)]
mod tarball;

#[cfg(test)]
mod against;
#[cfg(test)]
mod assemble;
#[cfg(test)]
mod build;
#[cfg(test)]
mod build_as_vela;
#[cfg(test)]
mod bump;
#[cfg(test)]
mod catalogue_report;
#[cfg(test)]
mod changed;
#[cfg(test)]
mod check;
#[cfg(test)]
mod ci_files;
#[cfg(test)]
mod completion;
#[cfg(test)]
mod cue;
#[cfg(test)]
mod diff;
#[cfg(test)]
mod docs;
#[cfg(test)]
mod fmt;
#[cfg(test)]
mod images;
#[cfg(test)]
mod init;
#[cfg(test)]
mod interrupt;
#[cfg(test)]
mod man;
#[cfg(test)]
mod own_rules;
#[cfg(test)]
mod publish;
#[cfg(test)]
mod registry;
#[cfg(test)]
mod render;
#[cfg(test)]
mod render_deep;
#[cfg(test)]
mod schema;
#[cfg(test)]
mod serve;
#[cfg(test)]
mod serve_crash;
#[cfg(test)]
mod serve_hostile;
#[cfg(test)]
mod usage;
#[cfg(test)]
mod vendor;
#[cfg(test)]
mod workspace;
