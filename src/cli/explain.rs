//! `addon-pack explain`.

use clap::Args;

const EXAMPLES: &str = "\
Examples:
  addon-pack explain META04     the page of a rule
  addon-pack explain            all rules, a line each";

/// Arguments of `explain`.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The id of a rule, as findings show it
    #[arg(value_name = "RULE")]
    pub(crate) rule: Option<String>,
}
