//! `addon-pack completion`.

use crate::run::Scratch;

#[test]
fn every_shell_gets_a_script_that_knows_the_commands() {
    let here = Scratch::new();
    for shell in ["bash", "zsh", "fish", "powershell"] {
        let run = here.run(&["completion", shell]).exits(0);
        for command in ["completion", "man"] {
            assert!(run.stdout.contains(command), "{shell}: no `{command}`");
        }
    }
}

#[test]
fn an_unknown_shell_is_a_usage_error_that_names_the_known_ones() {
    let run = Scratch::new().run(&["completion", "tcsh"]).exits(2);
    assert!(run.stderr.contains("powershell"), "{}", run.stderr);
}
