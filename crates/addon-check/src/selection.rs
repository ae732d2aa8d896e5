//! Which findings somebody wants to hear of, and how bad they are to them.
//!
//! A [`Profile`] is a purpose: it makes some findings worse and shows others that are usually silent. Rules that are
//! selected by name are shown whatever their severity; rules that are ignored are not shown at all. (A finding at one
//! place is taken back by a comment there, which is another thing.)

use crate::own::OwnRules;
use crate::rule::Holds;
use crate::rules;
use gosemver::{Constraint, Version};
use source_vocab::{Diagnostic, Severity};
use std::collections::{BTreeMap, BTreeSet};

/// What an addon is checked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Profile {
    /// Errors and warnings as the rules have them; informations are silent.
    #[default]
    Default,
    /// As default, and a warning is an error.
    Strict,
    /// For what is published now: what concerns the package and its version is shown down to informations, and an
    /// image that may change is an error.
    Release,
    /// For a public catalog: what makes an addon presentable is asked for.
    Catalog,
}

/// What a public catalog asks for: a picture and a link, a description, a README that introduces the addon.
const PRESENTABLE: [&str; 5] = ["LAY03", "LAY15", "META13", "META14", "META20"];
/// What it likes to see.
const WELCOME: &str = "LAY16";

impl Profile {
    /// How bad a finding is under this profile; `None` when it is silent.
    pub fn judge(self, found: &Diagnostic) -> Option<Severity> {
        let code = found.code.as_ref();
        let severity = match found.severity {
            // `build` refuses such an addon; a registry in git takes it
            Severity::Error if code == "LAY02" => Severity::Warning,
            severity => severity,
        };
        match (self, severity) {
            (Self::Strict, Severity::Warning) => Some(Severity::Error),
            (Self::Release, _) if code == "IMG01" || code == "PAR04" => Some(Severity::Error),
            (Self::Release, _) if code == "LAY02" => Some(Severity::Error),
            (Self::Release, severity) if code.starts_with("PKG") || code.starts_with("VER") => {
                Some(severity)
            }
            (Self::Catalog, _) if PRESENTABLE.contains(&code) => Some(Severity::Error),
            (Self::Catalog, _) if code == WELCOME => Some(Severity::Warning),
            (_, Severity::Info) => None,
            (_, severity) => Some(severity),
        }
    }
}

/// The rules that somebody wants to hear of.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    profile: Profile,
    select: BTreeSet<String>,
    ignore: BTreeSet<String>,
    vela: Vec<Version>,
    /// The ids of an organisation's own rules.
    own: Vec<String>,
    /// The severity that a rule has here, `None` where it is off.
    levels: BTreeMap<String, Option<Severity>>,
}

/// A word is neither the id of a rule nor the beginning of some, as `META` is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no rule `{0}`")]
pub struct UnknownRule(pub String);

/// A text is not the version of a release.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no version of KubeVela")]
pub struct NoVersion(pub String);

impl Selection {
    /// A selection of rules by id (`META04`) or family (`META`), in any case.
    ///
    /// # Errors
    /// [`UnknownRule`] for the first word that names none.
    pub fn new(
        profile: Profile,
        select: &[String],
        ignore: &[String],
    ) -> Result<Self, UnknownRule> {
        Self::among(&OwnRules::default(), profile, select, ignore)
    }

    /// As [`Self::new`], where the rules of an organisation can be named as well.
    ///
    /// # Errors
    /// [`UnknownRule`] for the first word that names none.
    pub fn among(
        own: &OwnRules,
        profile: Profile,
        select: &[String],
        ignore: &[String],
    ) -> Result<Self, UnknownRule> {
        let own: Vec<String> = own.all().iter().map(|rule| rule.id.clone()).collect();
        Ok(Self {
            profile,
            select: ids(select, &own)?,
            ignore: ids(ignore, &own)?,
            own,
            vela: Vec::new(),
            levels: BTreeMap::new(),
        })
    }

    /// Gives rules another severity than their own, `None` to turn them off. The profile judges what results; a rule that
    /// is turned off stays so.
    ///
    /// # Errors
    /// [`UnknownRule`] for the first id that names none.
    pub fn with_levels(mut self, levels: &[(&str, Option<Severity>)]) -> Result<Self, UnknownRule> {
        for (id, level) in levels {
            let mut known = rules::all().map(|rule| rule.id);
            let own = self.own.iter().map(String::as_str);
            let id = known
                .find(|known| known.eq_ignore_ascii_case(id))
                .or_else(|| own.into_iter().find(|own| own.eq_ignore_ascii_case(id)))
                .ok_or_else(|| UnknownRule((*id).to_owned()))?;
            self.levels.insert(id.to_owned(), *level);
        }
        Ok(self)
    }

    /// Leaves out the rules that hold for none of these releases of KubeVela; `1.10` is its first release.
    ///
    /// # Errors
    /// [`NoVersion`] for the first that is none.
    pub fn for_vela(mut self, releases: &[String]) -> Result<Self, NoVersion> {
        for release in releases {
            let version = Version::parse(release).map_err(|_| NoVersion(release.clone()))?;
            self.vela.push(version);
        }
        Ok(self)
    }

    /// Whether a rule holds for one of the releases that are asked for.
    fn holds(&self, code: &str) -> bool {
        let range = rules::find(code).map(|rule| rule.holds);
        match range {
            Some(Holds::KubeVela(range)) if !self.vela.is_empty() => Constraint::parse(range)
                .is_ok_and(|range| self.vela.iter().any(|version| range.matches(version))),
            _ => true,
        }
    }

    /// Gives the findings that are wanted, with the severity that they have here.
    pub fn of(&self, findings: Vec<Diagnostic>) -> Vec<Diagnostic> {
        findings
            .into_iter()
            .filter_map(|mut found| {
                let code = found.code.as_ref();
                if self.ignore.contains(code) || !self.holds(code) {
                    return None;
                }
                if let Some(level) = self.levels.get(code) {
                    found.severity = (*level)?;
                }
                let code = found.code.as_ref();
                found.severity = if self.select.is_empty() {
                    self.profile.judge(&found)?
                } else if self.select.contains(code) {
                    self.profile.judge(&found).unwrap_or(found.severity)
                } else {
                    return None;
                };
                Some(found)
            })
            .collect()
    }
}

fn ids(words: &[String], own: &[String]) -> Result<BTreeSet<String>, UnknownRule> {
    let mut ids = BTreeSet::new();
    for word in words {
        let upper = word.to_ascii_uppercase();
        // an id is its family and two digits
        let is_family = |id: &str| {
            let rest = id.strip_prefix(upper.as_str());
            rest.is_some_and(|rest| rest.len() == 2 && rest.bytes().all(|b| b.is_ascii_digit()))
        };
        let own = own.iter().map(String::as_str);
        let named = rules::all().map(|rule| rule.id).chain(own);
        let is_meant = |id: &&str| *id == upper || is_family(id);
        let found: Vec<String> = named.filter(is_meant).map(str::to_owned).collect();
        if found.is_empty() {
            return Err(UnknownRule(word.clone()));
        }
        ids.extend(found);
    }
    Ok(ids)
}

#[cfg(test)]
mod tests {
    use super::*;
    use source_vocab::Place;

    fn shown(profile: Profile, select: &[&str], ignore: &[&str]) -> Vec<String> {
        let words = |words: &[&str]| {
            words
                .iter()
                .map(|word| (*word).to_owned())
                .collect::<Vec<_>>()
        };
        let selection = Selection::new(profile, &words(select), &words(ignore)).unwrap();
        let findings = [
            ("META04", Severity::Error),
            ("META05", Severity::Warning),
            ("META14", Severity::Info),
            ("PKG06", Severity::Info),
            ("LAY02", Severity::Error),
        ]
        .map(|(code, severity)| Diagnostic::new(severity, code, "x", Place::Nowhere));
        selection
            .of(findings.to_vec())
            .iter()
            .map(|found| format!("{} {}", found.code, found.severity.as_str()))
            .collect()
    }

    #[test]
    fn a_profile_decides_what_is_shown_and_how_bad_it_is() {
        let default = ["META04 error", "META05 warning", "LAY02 warning"];
        assert_eq!(shown(Profile::Default, &[], &[]), default);
        let strict = ["META04 error", "META05 error", "LAY02 error"];
        assert_eq!(shown(Profile::Strict, &[], &[]), strict);
        let release = [
            "META04 error",
            "META05 warning",
            "PKG06 info",
            "LAY02 error",
        ];
        assert_eq!(shown(Profile::Release, &[], &[]), release);
        let catalog = [
            "META04 error",
            "META05 warning",
            "META14 error",
            "LAY02 warning",
        ];
        assert_eq!(shown(Profile::Catalog, &[], &[]), catalog);
    }

    #[test]
    fn rules_that_hold_for_no_release_asked_for_are_silent() {
        let findings = || vec![Diagnostic::warning("META05", "x", Place::Nowhere)];
        let count = |releases: &[&str]| {
            let releases: Vec<String> = releases.iter().map(|text| (*text).to_owned()).collect();
            let selection = Selection::default().for_vela(&releases).unwrap();
            selection.of(findings()).len()
        };
        assert_eq!(count(&[]), 1);
        assert_eq!(count(&["1.9"]), 1);
        assert_eq!(count(&["v1.9.7"]), 0);
        assert_eq!(count(&["1.10", "1.8.2"]), 1);
        let error = Selection::default()
            .for_vela(&["latest".to_owned()])
            .unwrap_err();
        assert_eq!(error, NoVersion("latest".to_owned()));
    }

    #[test]
    fn a_rule_can_have_another_severity_or_be_off() {
        let levels = [
            ("META05", Some(Severity::Error)),
            ("META04", None),
            ("PKG06", Some(Severity::Warning)),
        ];
        let selection = Selection::default().with_levels(&levels).unwrap();
        let findings = ["META04", "META05", "PKG06", "META14"]
            .map(|code| Diagnostic::info(code, "x", Place::Nowhere));
        let shown: Vec<String> = selection
            .of(findings.to_vec())
            .iter()
            .map(|found| format!("{} {}", found.code, found.severity.as_str()))
            .collect();
        assert_eq!(shown, ["META05 error", "PKG06 warning"]);
        let error = Selection::default()
            .with_levels(&[("META", None)])
            .unwrap_err();
        assert_eq!(error, UnknownRule("META".to_owned()));
    }

    #[test]
    fn rules_are_named_by_id_or_family() {
        let meta = ["META04 error", "META05 warning", "META14 info"];
        assert_eq!(shown(Profile::Default, &["meta"], &[]), meta);
        assert_eq!(
            shown(Profile::Default, &["META"], &["Meta05", "META04"]),
            ["META14 info"]
        );
        assert!(Selection::new(Profile::Default, &["k8s".to_owned()], &[]).is_ok());
        for word in ["META99", "MET", "META0", "K8", ""] {
            let error = Selection::new(Profile::Default, &[word.to_owned()], &[]).unwrap_err();
            assert_eq!(error, UnknownRule(word.to_owned()));
        }
    }
}
