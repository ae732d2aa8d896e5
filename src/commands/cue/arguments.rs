//! What the arguments of a `cue` command name: packages first, then files.
//!
//! As cue v0.14.1 `cue/load/instances.go` and `internal/filetypes`: arguments are packages until the first that cannot be one; an
//! argument that ends in a colon (`json:`, `jsonschema+strict:`) says what the files after it are, in place of their extensions.

use crate::exit::{Exit, Failure};
use cue_engine::data_file::Encoding;
use cue_engine::json_schema::{Interpretation, Strictness};

/// A file as named on the command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Named {
    pub(super) name: String,
    pub(super) encoding: Encoding,
    pub(super) form: Form,
    pub(super) schema: Schema,
}

/// What a file may hold, or stands for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Form {
    /// Whatever its encoding allows.
    #[default]
    Any,
    /// CUE that is data only: no references.
    Data,
}

/// Whether a file of data is a schema.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Schema {
    /// It is if it says so.
    #[default]
    Detected,
    /// It is not.
    Plain,
    /// It is.
    Stated(Interpretation, Strictness),
}

/// The arguments sorted out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Arguments {
    pub(super) packages: Vec<String>,
    pub(super) files: Vec<Named>,
}

fn refuse<T>(message: impl Into<String>) -> Result<T, Failure> {
    Err(Failure::new(Exit::Findings, message))
}

/// The extension of a file name with its dot; a name that only begins with a dot has none, `-` is its own.
fn extension(name: &str) -> &str {
    if name == "-" {
        return "-";
    }
    let base = name.rsplit('/').next().unwrap_or(name);
    match base.rfind('.') {
        None | Some(0) => "",
        Some(at) => base.get(at..).unwrap_or_default(),
    }
}

/// Whether an argument names a package, judged by its text alone.
pub(super) fn is_package(argument: &str) -> bool {
    match argument {
        "." | ".." => return true,
        "" | "-" => return false,
        _ => {}
    }
    if let Some((path, name)) = argument.rsplit_once(':')
        && !name.contains('/')
    {
        return cue_engine::syntax::literal::is_valid_ident(name)
            && !path.contains(':')
            && path != "-";
    }
    if let Some((_, version)) = argument.split_once('@') {
        return !version.contains('/');
    }
    extension(argument).trim_start_matches('.').is_empty()
}

/// What a word before a colon says of files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Scope {
    encoding: Option<Encoding>,
    form: Form,
    schema: Schema,
}

impl Scope {
    fn parse(text: &str) -> Result<Self, Failure> {
        let mut scope = Self {
            schema: Schema::Plain,
            ..Self::default()
        };
        let mut strict = Strictness::default();
        let mut stated = None;
        for tag in text.split('+') {
            match tag {
                "cue" => scope.encoding = Some(Encoding::Cue),
                "json" => scope.encoding = Some(Encoding::Json),
                "yaml" => scope.encoding = Some(Encoding::Yaml),
                "jsonl" => scope.encoding = Some(Encoding::JsonLines),
                "text" => scope.encoding = Some(Encoding::Text),
                "binary" => scope.encoding = Some(Encoding::Binary),
                "toml" => scope.encoding = Some(Encoding::Toml),
                "data" => scope.form = Form::Data,
                "jsonschema" => stated = Some(Interpretation::JsonSchema),
                "openapi" => stated = Some(Interpretation::OpenApi),
                "strict" => {
                    strict = Strictness {
                        keywords: true,
                        features: true,
                    };
                }
                "strictKeywords" => strict.keywords = true,
                "strictFeatures" => strict.features = true,
                "graph" | "dag" | "final" | "schema" | "auto" => {}
                _ => return refuse(format!("unknown or unsupported file type `{tag}`")),
            }
        }
        if let Some(stated) = stated {
            scope.schema = Schema::Stated(stated, strict);
            scope.encoding = scope.encoding.or(Some(Encoding::Json));
        }
        Ok(scope)
    }

    fn file(self, name: &str) -> Result<Named, Failure> {
        let encoding = match (self.encoding, extension(name)) {
            (Some(encoding), _) => encoding,
            (None, "-") => Encoding::Cue,
            (None, _) => match Encoding::of_name(name) {
                Some(encoding) => encoding,
                None => return refuse(format!("`{name}` has no known file extension")),
            },
        };
        Ok(Named {
            name: name.to_owned(),
            encoding,
            form: self.form,
            schema: self.schema,
        })
    }
}

impl Arguments {
    /// Reads the arguments of a command.
    ///
    /// # Errors
    /// When a file has no known type, or a type stands before no file.
    pub(super) fn parse(arguments: &[String]) -> Result<Self, Failure> {
        let mut all = Self::default();
        let mut rest = arguments;
        while let Some((first, more)) = rest.split_first()
            && is_package(first)
        {
            all.packages.push(first.clone());
            rest = more;
        }
        let mut scope = Scope::default();
        let mut waiting: Option<&str> = None;
        for argument in rest {
            match argument.split_once(':') {
                None => {
                    if argument.is_empty() {
                        return refuse("a file name is empty");
                    }
                    all.files.push(scope.file(argument)?);
                    waiting = None;
                }
                Some((words, "")) if !words.is_empty() => {
                    if let Some(words) = waiting {
                        return refuse(format!("`{words}:` stands before no file"));
                    }
                    scope = Scope::parse(words)?;
                    waiting = Some(words);
                }
                Some(_) => {
                    return Err(Failure::new(
                        Exit::Findings,
                        format!("`{argument}` names a type and a file in one"),
                    )
                    .help("write the type as an argument of its own: `json: file`"));
                }
            }
        }
        match waiting {
            Some(words) => refuse(format!("`{words}:` stands before no file")),
            None => Ok(all),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(arguments: &[&str]) -> Result<Arguments, Failure> {
        let arguments: Vec<String> = arguments.iter().map(|text| (*text).to_owned()).collect();
        Arguments::parse(&arguments)
    }

    #[test]
    fn packages_are_told_by_their_text() {
        for package in [
            ".",
            "..",
            "./a",
            "./a:b",
            ":b",
            "./...",
            "example.com/a@v1",
            "a",
            "./.a",
        ] {
            assert!(is_package(package), "{package}");
        }
        for file in ["-", "a.cue", "./a.json", "json:", "json:a.json", "..json"] {
            assert!(!is_package(file), "{file}");
        }
    }

    #[test]
    fn a_type_holds_until_the_next() {
        let all = parse(&[".", "json:", "a", "b.yaml", "yaml:", "-"]).unwrap();
        assert_eq!(all.packages, ["."]);
        let encodings: Vec<Encoding> = all.files.iter().map(|file| file.encoding).collect();
        assert_eq!(encodings, [Encoding::Json, Encoding::Json, Encoding::Yaml]);
    }

    #[test]
    fn a_type_needs_a_file() {
        assert!(parse(&["json:"]).is_err());
        assert!(parse(&["json:", "yaml:", "a"]).is_err());
        assert!(parse(&["json:a.json"]).is_err());
        assert!(parse(&["a.unknown"]).is_err());
    }
}
