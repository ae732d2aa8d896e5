//! Where a command of `cue` writes, and in which format.
//!
//! `--out` and a word before the file of `-o` name the format, or the extension of the file does. As cue v0.14.1
//! `internal/encoding/encoder.go`: a file that exists is not overwritten without `--force`, and nothing is written when the
//! command fails.

use crate::cli::cue::Values;
use crate::exit::{CommandResult, Exit, Failure};
use crate::printer::Printer;
use crate::system::{WorkingWorld, write_atomic};
use cue_engine::{Data, Value, export};
use source_vocab::Diagnostic;

/// What the output is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Output {
    Cue,
    Json,
    Yaml,
    Toml,
    Text,
    Binary,
}

impl Output {
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "cue" => Self::Cue,
            "json" | "json+pb" | "jsonl" | "ldjson" | "ndjson" => Self::Json,
            "yaml" | "yml" => Self::Yaml,
            "toml" => Self::Toml,
            "text" | "txt" => Self::Text,
            "binary" | "wasm" => Self::Binary,
            _ => return None,
        })
    }
}

/// Where the output goes.
#[derive(Clone, Debug)]
pub(super) struct Destination {
    pub(super) output: Output,
    /// The file; none for standard output.
    file: Option<String>,
}

impl Destination {
    /// Reads the flags; `otherwise` is the format of standard output.
    ///
    /// # Errors
    /// When the format is not known.
    pub(super) fn new(arguments: &Values, otherwise: Output) -> Result<Self, Failure> {
        let unknown = |name: &str| Failure::new(Exit::Findings, format!("unknown format `{name}`"));
        let named = |name: &str| Output::named(name).ok_or_else(|| unknown(name));
        let file = arguments.outfile.as_deref().unwrap_or("-");
        let (word, file) = match file.rsplit_once(':') {
            Some((word, file)) => (Some(word), file),
            None => (None, file),
        };
        if word.is_some() && arguments.out.is_some() {
            return Err(Failure::new(
                Exit::Findings,
                "the format is named by `--out` and before the file of `--outfile`",
            ));
        }
        if file.is_empty() {
            return Err(Failure::new(Exit::Findings, "the output file has no name"));
        }
        let output = match (word.or(arguments.out.as_deref()), file) {
            (Some(word), _) => named(word)?,
            (None, "-") => otherwise,
            (None, file) => named(
                file.rsplit_once('.')
                    .map_or(file, |(_, extension)| extension),
            )?,
        };
        Ok(Self {
            output,
            file: (file != "-").then(|| file.to_owned()),
        })
    }

    /// Whether the output goes to a file.
    pub(super) fn is_file(&self) -> bool {
        self.file.is_some()
    }

    /// Writes the whole output.
    ///
    /// # Errors
    /// When the file exists and may not be overwritten, or cannot be written.
    pub(super) fn write(
        &self,
        world: &WorkingWorld,
        bytes: &[u8],
        arguments: &Values,
        printer: &Printer,
    ) -> CommandResult {
        let Some(file) = &self.file else {
            printer.bytes(bytes);
            return Ok(Exit::Success);
        };
        let path = world.resolve(file);
        if !arguments.force && source_vocab::World::read(world, &path).is_ok() {
            return Err(
                Failure::new(Exit::Findings, format!("the file `{file}` exists already"))
                    .help("use --force to overwrite it"),
            );
        }
        write_atomic(&world.real_path(&path), bytes)?;
        Ok(Exit::Success)
    }
}

/// A value in a format of data.
///
/// # Errors
/// What is not concrete in it, or not of the format.
pub(super) fn data(
    value: Value<'_>,
    output: Output,
    arguments: &Values,
) -> Result<Vec<u8>, Vec<Diagnostic>> {
    let refuse = |code, message| {
        let place = source_vocab::Place::Text(value.span());
        Err(vec![Diagnostic::error(code, message, place)])
    };
    match output {
        Output::Json => {
            let text = export::json(value)?;
            Ok(if arguments.escape {
                text.replace('&', "\\u0026")
                    .replace('<', "\\u003c")
                    .replace('>', "\\u003e")
            } else {
                text
            }
            .into_bytes())
        }
        Output::Yaml => export::yaml(value).map(String::into_bytes),
        Output::Toml => export::toml(value).map(String::into_bytes),
        Output::Text => match export::data(value)? {
            Data::String(text) => Ok(format!("{text}\n").into_bytes()),
            _ => refuse(
                "cue/not-text",
                "the value is no string, which the format `text` needs",
            ),
        },
        Output::Binary => match export::data(value)? {
            Data::String(text) => Ok(text.as_bytes().to_vec()),
            Data::Bytes(bytes) => Ok(bytes.to_vec()),
            _ => refuse(
                "cue/not-binary",
                "the value is no string or bytes, which the format `binary` needs",
            ),
        },
        Output::Cue => Ok(Vec::new()),
    }
}
