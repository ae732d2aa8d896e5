//! `struct`: validators that count fields.

use crate::package::{Builder, concrete, reject};
use cue_eval::builtin::Failure;
use cue_eval::{ArcKind, Kind};

/// Fills the package.
pub(crate) fn fill(b: &mut Builder) {
    b.function("MinFields", &[Kind::STRUCT, Kind::INT], Kind::BOOL, |c| {
        concrete(c, 0)?;
        let fields = c.fields(0)?.len();
        let least = c.i64(1)?;
        if i64::try_from(fields).is_ok_and(|fields| fields >= least) {
            return Ok(true.into());
        }
        let value = c.value(0);
        let constraints = value
            .arcs()
            .into_iter()
            .filter(|field| field.label.is_string() && field.kind != ArcKind::Member)
            .count();
        let may_grow = !value.is_closed()
            || value.has_patterns()
            || i64::try_from(fields + constraints).is_ok_and(|fields| fields >= least);
        let text = format!("{fields} fields where at least {least} are needed");
        let failure = if may_grow {
            // more fields may come
            Failure::incomplete(text)
        } else {
            Failure::eval(text)
        };
        reject(c, failure)
    });
    b.function("MaxFields", &[Kind::STRUCT, Kind::INT], Kind::BOOL, |c| {
        concrete(c, 0)?;
        let fields = c.fields(0)?.len();
        let most = c.i64(1)?;
        Ok(i64::try_from(fields)
            .is_ok_and(|fields| fields <= most)
            .into())
    });
}
