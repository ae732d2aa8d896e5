//! `Job` and `CronJob`.
//!
//! The server makes a Job's selector and adds labels with its name to the template and, where the Job has no labels of its
//! own, to the Job: a name of more than 63 bytes is no label. A `CronJob`'s Jobs get eleven more bytes.
//!
//! ```text
//! restartPolicy       OnFailure or Never, by default Always: so it has to be set
//! completionMode      Indexed needs completions; other fields need Indexed
//! podFailurePolicy    needs restartPolicy Never
//! ```
//! Source: Kubernetes 1.31 `pkg/apis/batch/validation`.

use super::field::{Faults, Field, quoted};
use super::{Minor, cron, metadata, names, pod, selector};
use rustc_hash::FxHashSet;

/// A `Job`.
pub(super) fn job(out: &mut Faults, object: &Field<'_, '_>, minor: Minor) {
    let spec = object.child("spec");
    let metadata = object.child("metadata");
    let name = metadata.child("name");
    let template = spec.child("template");
    let mode = spec.child("completionMode");
    job_spec(out, &spec, Defaults::Set, minor);
    job_selector(out, &spec, name.text());
    if mode.text() == "Indexed" {
        let completions = match (
            spec.child("completions").set_int(),
            spec.child("parallelism").is_set(),
        ) {
            (Some(number), _) => number,
            (None, false) => 1,
            (None, true) => 0,
        };
        let pod = format!("{}-{}", name.text(), completions - 1);
        if completions > 0 && names::label(&pod).is_some() {
            let text = quoted(&pod);
            out.invalid(
                &name,
                format!("its pods would be named {text}, which is no DNS label"),
            );
        }
    }
    let is_label = names::label_value(name.text()).is_none();
    if !is_label && !spec.child("manualSelector").is_true() {
        let message = "the server makes a label of the name, and it is no value of one";
        out.invalid(&template.child("labels").at(&name), message);
        let labels = metadata.child("labels");
        if labels.is_empty() && !template.child("metadata").child("labels").is_empty() {
            out.invalid(&labels.at(&name), message);
        }
    }
}

/// The labels that the server itself puts on the pods of a Job.
const OWN_LABELS: [&str; 4] = [
    "controller-uid",
    "job-name",
    "batch.kubernetes.io/controller-uid",
    "batch.kubernetes.io/job-name",
];

fn job_selector(out: &mut Faults, spec: &Field<'_, '_>, name: &str) {
    let selector = spec.child("selector");
    let template = spec.child("template");
    let metadata = template.child("metadata");
    let labels = metadata.child("labels");
    selector::label(out, &selector);
    if spec.child("manualSelector").is_true() {
        if !selector.is_set() {
            out.required_since(&selector, "as `manualSelector` is true");
        }
        if selector::is_usable(&selector) && !selector::selects(&selector, &labels) {
            out.invalid(&labels, "the selector does not select these labels");
        }
        return;
    }
    for key in OWN_LABELS {
        let label = labels.key(key);
        if label.is_set() && !(key.ends_with("job-name") && label.text() == name) {
            out.invalid(&label, "is set by the server, so it must be left out");
            // the selector that the server makes is of this label
            if key == "batch.kubernetes.io/controller-uid" {
                out.invalid(
                    &labels.at(&label),
                    "the selector does not select these labels",
                );
            }
        }
    }
    if !selector.is_set() || !selector::is_usable(&selector) {
        return;
    }
    let own = |key: &str, value: &str| {
        key.ends_with("job-name") && OWN_LABELS.contains(&key) && value == name
    };
    let pairs = selector.child("matchLabels");
    let expressions = selector.child("matchExpressions");
    let foreign = pairs.entries().any(|(key, value)| !own(key, value.text()))
        || expressions.items().any(|expression| {
            matches!(expression.child("operator").text(), "In" | "Exists")
                && !OWN_LABELS.contains(&expression.child("key").text())
        });
    if foreign {
        out.invalid(&selector, "is made by the server, so it must be left out");
    }
    let unselected = pairs.entries().any(|(key, value)| {
        !own(key, value.text()) && labels.key(key).set_text() != Some(value.text())
    });
    if unselected {
        out.invalid(&labels, "the selector does not select these labels");
    }
}

/// Whether the defaults of a Job are set: not in a `CronJob`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Defaults {
    Set,
    Unset,
}

fn job_spec(out: &mut Faults, spec: &Field<'_, '_>, defaults: Defaults, minor: Minor) {
    for name in [
        "parallelism",
        "completions",
        "activeDeadlineSeconds",
        "backoffLimit",
        "ttlSecondsAfterFinished",
    ] {
        out.not_negative(&spec.child(name));
    }
    if minor >= PER_INDEX {
        per_index(out, spec);
    }
    let managed = spec.child("managedBy");
    if let Some(text) = managed.set_text().filter(|_| minor >= 32) {
        out.form(&managed, text, names::domain_prefixed_path);
        if text.len() > 63 {
            out.too_long(&managed, 63);
        }
    }
    completion_mode(out, spec, defaults);
    let failure = spec.child("podFailurePolicy");
    if failure.is_set() {
        failure_policy(out, spec, &failure);
    }
    if minor >= 31 {
        success_policy(out, spec);
    }
    let replacement = spec.child("podReplacementPolicy");
    if minor >= PER_INDEX {
        let allowed: &[&str] = if failure.is_set() {
            &["Failed"]
        } else {
            &["Failed", "TerminatingOrFailed"]
        };
        out.one_of(&replacement, allowed);
    }
    let template = spec.child("template");
    pod::template(out, &template, minor);
    let pod_spec = template.child("spec");
    let restart = pod_spec.child("restartPolicy");
    match restart.text() {
        "" | "Always" => out.required_since(&restart, "`OnFailure` or `Never`"),
        "Never" => {}
        "OnFailure" if failure.is_set() => {
            out.invalid(&restart, "must be `Never` when `podFailurePolicy` is set");
        }
        "OnFailure" => {}
        other => out.unsupported(&restart, other, &["OnFailure", "Never"]),
    }
}

/// The first release with limits for each index and replacement policies; before it they are dropped.
const PER_INDEX: Minor = 29;

fn per_index(out: &mut Faults, spec: &Field<'_, '_>) {
    let limit = spec.child("backoffLimitPerIndex");
    let failed = spec.child("maxFailedIndexes");
    out.not_negative(&limit);
    out.not_negative(&failed);
    if failed.is_set() && !limit.is_set() {
        out.required_since(&limit, "as `maxFailedIndexes` is set");
    }
    if matches!(
        spec.child("completionMode").set_text(),
        None | Some("NonIndexed")
    ) {
        for field in [&limit, &failed] {
            if field.is_set() {
                out.invalid(field, "needs the completion mode `Indexed`");
            }
        }
    }
}

fn completion_mode(out: &mut Faults, spec: &Field<'_, '_>, defaults: Defaults) {
    const MANY: i64 = 100_000;
    let mode = spec.child("completionMode");
    let completions = spec.child("completions");
    let parallelism = spec.child("parallelism");
    let per_index = spec.child("backoffLimitPerIndex");
    let failed = spec.child("maxFailedIndexes");
    match mode.set_text() {
        None | Some("NonIndexed") => return,
        Some("Indexed") => {}
        Some(other) => {
            out.unsupported(&mode, other, &["NonIndexed", "Indexed"]);
            return;
        }
    }
    let defaulted = defaults == Defaults::Set && !parallelism.is_set();
    if !completions.is_set() && !defaulted {
        out.required_since(&completions, "as the completion mode is `Indexed`");
    }
    let limit = |out: &mut Faults, field: &Field<'_, '_>, most: i64| {
        if field.set_int().is_some_and(|number| number > most) {
            let number = field.int();
            out.invalid(field, format!("`{number}` must be at most {most} here"));
        }
    };
    limit(out, &parallelism, MANY);
    if let Some(number) = completions.set_int() {
        limit(out, &failed, number);
    }
    limit(out, &failed, MANY);
    if completions.int() > MANY && per_index.is_set() {
        if !failed.is_set() {
            out.required_since(&failed, "as there are more than 100000 completions");
        }
        limit(out, &parallelism, 10_000);
        limit(out, &failed, 10_000);
    }
}

fn failure_policy(out: &mut Faults, spec: &Field<'_, '_>, policy: &Field<'_, '_>) {
    let rules = policy.child("rules");
    if rules.len() > 20 {
        out.too_many(&rules, rules.len(), 20);
    }
    let template = spec.child("template");
    let pod_spec = template.child("spec");
    let containers = pod_spec.child("containers");
    let init = pod_spec.child("initContainers");
    let names: FxHashSet<&str> = containers
        .items()
        .chain(init.items())
        .map(|one| one.child("name").text())
        .collect();
    for rule in rules.items() {
        let action = rule.child("action");
        match action.text() {
            "" => out.required(&action),
            "FailIndex" if !spec.child("backoffLimitPerIndex").is_set() => {
                out.invalid(&action, "`FailIndex` needs `backoffLimitPerIndex`");
            }
            _ => out.one_of(&action, &["Count", "FailIndex", "FailJob", "Ignore"]),
        }
        let codes = rule.child("onExitCodes");
        let conditions = rule.child("onPodConditions");
        if codes.is_set() {
            exit_codes(out, &codes, &names);
        }
        if conditions.len() > 20 {
            out.too_many(&conditions, conditions.len(), 20);
        }
        for condition in conditions.items() {
            let kind = condition.child("type");
            out.form(&kind, kind.text(), names::qualified);
            let status = condition.child("status");
            if !status.text().is_empty() {
                out.one_of(&status, &["False", "True", "Unknown"]);
            }
        }
        if codes.is_set() != conditions.is_empty() {
            out.invalid(
                &rule,
                "exactly one of `onExitCodes` and `onPodConditions` is expected",
            );
        }
    }
}

fn exit_codes(out: &mut Faults, codes: &Field<'_, '_>, names: &FxHashSet<&str>) {
    let operator = codes.child("operator");
    if operator.text().is_empty() {
        out.required(&operator);
    } else {
        out.one_of(&operator, &["In", "NotIn"]);
    }
    let container = codes.child("containerName");
    if let Some(name) = container.set_text()
        && !names.contains(name)
    {
        out.invalid(
            &container,
            format!("no container has the name {}", quoted(name)),
        );
    }
    let values = codes.child("values");
    if values.is_empty() {
        out.invalid(&values, "at least one value is expected");
    } else if values.len() > 255 {
        out.too_many(&values, values.len(), 255);
    }
    let mut seen = FxHashSet::default();
    let mut last = i64::MIN;
    for value in values.items() {
        let code = value.int();
        if code == 0 && operator.text() == "In" {
            out.invalid(&value, "`0` is success, which is no failure");
        }
        if !seen.insert(code) {
            out.duplicate(&value, &code.to_string());
        }
        if code < last {
            out.invalid(&values.at(&value), "must be in ascending order");
        }
        last = last.max(code);
    }
}

fn success_policy(out: &mut Faults, spec: &Field<'_, '_>) {
    let policy = spec.child("successPolicy");
    if !policy.is_set() {
        return;
    }
    if spec.child("completionMode").text() != "Indexed" {
        out.invalid(&policy, "needs the completion mode `Indexed`");
        return;
    }
    let completions = spec.child("completions").set_int().unwrap_or(1);
    let rules = policy.child("rules");
    if rules.is_empty() {
        out.required_since(&rules, "at least one rule");
    }
    if rules.len() > 20 {
        out.too_many(&rules, rules.len(), 20);
    }
    for rule in rules.items() {
        let count = rule.child("succeededCount");
        let indexes = rule.child("succeededIndexes");
        if !count.is_set() && !indexes.is_set() {
            out.required_since(&rule, "`succeededCount` or `succeededIndexes`");
        }
        let total = indexes
            .set_text()
            .map(|text| index_count(text, completions));
        if total == Some(None) {
            let text = quoted(indexes.text());
            out.invalid(
                &indexes,
                format!("{text} is no ascending list of indexes below {completions}"),
            );
        }
        out.not_negative(&count);
        if count.int() > completions || total.is_some_and(|total| count.int() > total.unwrap_or(0))
        {
            let number = count.int();
            out.invalid(&count, format!("`{number}` is more than there are indexes"));
        }
    }
}

/// How many indexes a text such as `1,3-5` names; `None` when it is no ascending list of indexes below `limit`.
fn index_count(text: &str, limit: i64) -> Option<i64> {
    let mut total = 0;
    let mut last = -1;
    if text.is_empty() {
        return Some(0);
    }
    for interval in text.split(',') {
        let (low, high) = match interval.split_once('-') {
            None => {
                let index: i64 = interval.parse().ok()?;
                (index, index)
            }
            Some((low, high)) => {
                let (low, high): (i64, i64) = (low.parse().ok()?, high.parse().ok()?);
                (low < high).then_some((low, high))?
            }
        };
        if low <= last || high >= limit {
            return None;
        }
        total += high - low + 1;
        last = high;
    }
    Some(total)
}

/// A `CronJob`.
pub(super) fn cron_job(out: &mut Faults, object: &Field<'_, '_>, minor: Minor) {
    let metadata = object.child("metadata");
    let name = metadata.child("name");
    let prefix = metadata.child("generateName");
    let is_generated = name.text().is_empty() && !prefix.text().is_empty();
    let length = if is_generated {
        metadata::generated_len(prefix.text())
    } else {
        name.text().len()
    };
    if length > 52 {
        let name = if is_generated { name.at(&prefix) } else { name };
        out.invalid(
            &name,
            "must have at most 52 characters, the names of its Jobs are longer",
        );
    }
    let spec = object.child("spec");
    let schedule = spec.child("schedule");
    if schedule.text().is_empty() {
        out.required(&schedule);
    } else if let Some(message) = cron::schedule(schedule.text()) {
        out.invalid(&schedule, message);
    }
    let zone = spec.child("timeZone");
    if let Some(message) = zone.set_text().and_then(cron::time_zone) {
        out.invalid(&zone, message);
        if let Some(meant) = cron::zone_meant(zone.text()) {
            out.help(format!("did you mean `{meant}`?"));
        }
    }
    for name in [
        "startingDeadlineSeconds",
        "successfulJobsHistoryLimit",
        "failedJobsHistoryLimit",
    ] {
        out.not_negative(&spec.child(name));
    }
    let policy = spec.child("concurrencyPolicy");
    if !policy.text().is_empty() {
        out.one_of(&policy, &["Allow", "Forbid", "Replace"]);
    }
    let template = spec.child("jobTemplate");
    let job = template.child("spec");
    job_spec(out, &job, Defaults::Unset, minor);
    let selector = job.child("selector");
    if selector.is_set() {
        out.invalid(&selector, "is made by the server, so it must be left out");
    }
    let manual = job.child("manualSelector");
    if manual.is_true() {
        out.unsupported(&manual, "true", &["false"]);
    }
}
