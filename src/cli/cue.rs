//! `addon-pack cue`: the commands, flags and arguments of cue v0.14.1, as far as they are about
//! files at hand.

use clap::{Args, Subcommand, ValueEnum};

const INPUTS: &str = "\
Inputs are CUE files, data files (JSON, YAML), packages (`.`, `./dir`, `./dir:name`, import paths)
and `-` for standard input. Several CUE files are one package. Data files are unified with it.";

/// The commands.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub(crate) enum Command {
    /// Print concrete values as JSON, YAML, CUE or text
    #[command(after_help = INPUTS)]
    Export(Values),
    /// Print the evaluated configuration
    #[command(after_help = INPUTS)]
    Eval(Values),
    /// Print the evaluated configuration with its definitions
    #[command(after_help = INPUTS)]
    Def(Values),
    /// Check data against a schema
    #[command(after_help = INPUTS)]
    Vet(Values),
    /// Format CUE files
    Fmt(Fmt),
    /// Print everything about a package of files as one JSON object
    Dump(Dump),
}

/// How findings are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people, with the source text.
    #[default]
    Human,
    /// One line a finding.
    Concise,
    /// One JSON array with everything that is known.
    Json,
}

/// Arguments of `export`, `eval`, `def` and `vet`.
#[derive(Args, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "flags of cue, each on its own"
)]
pub(crate) struct Values {
    /// Files, packages, or `-`
    #[arg(value_name = "INPUT")]
    pub(crate) inputs: Vec<String>,

    /// Print only these expressions
    #[arg(long, short = 'e', value_name = "EXPR")]
    pub(crate) expression: Vec<String>,

    /// Check data against this expression
    #[arg(long, short = 'd', value_name = "EXPR")]
    pub(crate) schema: Option<String>,

    /// Put data at this path
    #[arg(long, short = 'l', value_name = "PATH")]
    pub(crate) path: Vec<String>,

    /// Where to write, `-` for standard output; `FORMAT:FILE` to name the format
    #[arg(long, short = 'o', value_name = "FILE")]
    pub(crate) outfile: Option<String>,

    /// The format of the output: cue, json, yaml or text
    #[arg(long, value_name = "FORMAT")]
    pub(crate) out: Option<String>,

    /// Set a tag, or the value of a tagged field
    #[arg(long = "inject", short = 't', value_name = "TAG[=VALUE]")]
    pub(crate) tags: Vec<String>,

    /// The name of the package of data that has none
    #[arg(long, short = 'p', value_name = "NAME")]
    pub(crate) package: Option<String>,

    /// Overwrite the output file
    #[arg(long, short = 'f')]
    pub(crate) force: bool,

    /// Go on in spite of errors
    #[arg(long, short = 'i')]
    pub(crate) ignore: bool,

    /// Require the evaluation to be concrete
    #[arg(long, short = 'c', value_name = "BOOL", num_args = 0..=1, require_equals = true,
          default_missing_value = "true")]
    pub(crate) concrete: Option<bool>,

    /// Show optional and hidden fields too
    #[arg(long, short = 'a')]
    pub(crate) all: bool,

    /// Show attributes
    #[arg(long, short = 'A')]
    pub(crate) show_attributes: bool,

    /// Show optional fields
    #[arg(long, short = 'O')]
    pub(crate) show_optional: bool,

    /// Show hidden fields
    #[arg(long, short = 'H')]
    pub(crate) show_hidden: bool,

    /// Simplify the output
    #[arg(long, short = 's')]
    pub(crate) simplify: bool,

    /// Use HTML escaping in JSON
    #[arg(long)]
    pub(crate) escape: bool,

    /// A flag of cue that is refused: select files by a pattern
    #[arg(long, short = 'n', value_name = "PATTERN", hide = true)]
    name: Option<String>,

    /// Collect the documents of data files in lists
    #[arg(long)]
    pub(crate) list: bool,

    /// Let the expressions of `--path` see `data`, `filename`, `index` and `recordCount`
    #[arg(long)]
    pub(crate) with_context: bool,

    /// Unify the data files, or take each document on its own
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true,
          default_missing_value = "true")]
    pub(crate) merge: Option<bool>,

    /// Set fields tagged with a variable of the system: os, arch, cwd, username, hostname
    #[arg(long, short = 'T')]
    pub(crate) inject_vars: bool,

    /// Report all errors, as is always done
    #[arg(long, short = 'E')]
    all_errors: bool,

    /// A flag that cue refuses too
    #[arg(long, hide = true)]
    pub(crate) strict: bool,

    /// Write out what other packages of the module say
    #[arg(long)]
    pub(crate) inline_imports: bool,

    /// A flag of cue that is refused: where protocol buffers are
    #[arg(long, short = 'I', value_name = "DIR", hide = true)]
    proto_path: Vec<String>,

    /// How findings are printed
    #[arg(long, value_name = "FORM", default_value = "human")]
    pub(crate) format: Format,
}

impl Values {
    /// A flag that cue has and this program refuses.
    pub(crate) fn unsupported(&self) -> Option<&'static str> {
        [
            (self.name.is_some(), "--name"),
            (!self.proto_path.is_empty(), "--proto_path"),
        ]
        .into_iter()
        .find_map(|(given, flag)| given.then_some(flag))
    }
}

/// Arguments of `fmt`.
#[derive(Args, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "flags of cue, each on its own"
)]
pub(crate) struct Fmt {
    /// Files, packages, `./...`, or `-`
    #[arg(value_name = "INPUT")]
    pub(crate) inputs: Vec<String>,

    /// List files that are not formatted, and fail if there are any
    #[arg(long)]
    pub(crate) check: bool,

    /// Print what would change instead of changing it
    #[arg(long, short = 'd')]
    pub(crate) diff: bool,

    /// Take directories for files, with all that lies below them
    #[arg(long)]
    pub(crate) files: bool,

    /// Simplify the files
    #[arg(long, short = 's')]
    pub(crate) simplify: bool,
}

/// Arguments of `dump`.
#[derive(Args, Debug)]
pub(crate) struct Dump {
    /// The files of the package
    #[arg(value_name = "FILE", required = true)]
    pub(crate) files: Vec<String>,
}
