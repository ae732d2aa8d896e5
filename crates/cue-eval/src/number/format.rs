//! Numbers as text.
//!
//! `Display` is the form of `cue export`: plain digits while the exponent is not positive and the
//! first digit lies at 10⁻⁶ or above, else scientific notation with a signed exponent (`1E+3`).
//! [`Decimal::canonical`] is the form of conformance goldens, where equal values have equal texts.

use super::{Decimal, Form};
use std::fmt::{self, Write as _};

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.negative && self.form != Form::NaN {
            f.write_char('-')?;
        }
        match self.form {
            Form::Infinite => return f.write_str("Infinity"),
            Form::NaN => return f.write_str("NaN"),
            Form::Finite => {}
        }
        let digits = self.coefficient.to_string();
        if self.exponent == 0 {
            return f.write_str(&digits);
        }
        let adjusted = self.adjusted();
        if self.exponent < 0 && adjusted >= -6 {
            let places = self.exponent.unsigned_abs() as usize;
            if let Some(split) = digits.len().checked_sub(places).filter(|split| *split > 0) {
                let (whole, fraction) = digits.split_at(split);
                return write!(f, "{whole}.{fraction}");
            }
            return write!(f, "0.{digits:0>places$}");
        }
        let (first, rest) = digits.split_at(1);
        f.write_str(first)?;
        if !rest.is_empty() {
            write!(f, ".{rest}")?;
        }
        write!(f, "E{adjusted:+}")
    }
}

impl Decimal {
    /// `[-]cEe` without trailing zeros in `c`; `0E0` for every zero.
    pub fn canonical(&self) -> String {
        match self.form {
            Form::NaN => return "NaN".to_owned(),
            Form::Infinite => return self.to_string(),
            Form::Finite => {}
        }
        if self.is_zero() {
            return "0E0".to_owned();
        }
        let reduced = self.reduced();
        let sign = if self.negative { "-" } else { "" };
        format!("{sign}{}E{}", reduced.coefficient, reduced.exponent)
    }

    /// All digits of a whole number, without exponent and without a negative zero.
    ///
    /// `None` when it is not whole.
    pub fn integer_text(&self) -> Option<String> {
        if self.exponent == 0 && self.form == Form::Finite {
            return Some(if self.is_zero() {
                "0".to_owned()
            } else {
                self.to_string()
            });
        }
        self.to_bigint().map(|whole| whole.to_string())
    }

    /// Plain digits without an exponent (`1e3` is `1000`), as YAML and `strconv` write some numbers.
    pub fn plain(&self) -> String {
        if self.form != Form::Finite {
            return self.to_string();
        }
        if self.exponent > 0 {
            let zeros = self.exponent.unsigned_abs() as usize;
            let sign = if self.negative { "-" } else { "" };
            if self.is_zero() {
                return format!("{sign}0");
            }
            return format!("{sign}{}{:0>zeros$}", self.coefficient, "");
        }
        let digits = self.coefficient.to_string();
        let sign = if self.negative { "-" } else { "" };
        let places = self.exponent.unsigned_abs() as usize;
        if places == 0 {
            return format!("{sign}{digits}");
        }
        match digits.len().checked_sub(places).filter(|split| *split > 0) {
            Some(split) => {
                let (whole, fraction) = digits.split_at(split);
                format!("{sign}{whole}.{fraction}")
            }
            None => format!("{sign}0.{digits:0>places$}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Decimal;

    fn number(text: &str) -> Decimal {
        Decimal::parse_text(text).unwrap()
    }

    #[test]
    fn exported_text_keeps_the_form_of_the_number() {
        for (source, text) in [
            ("1.50", "1.50"),
            ("1e3", "1E+3"),
            ("1e-10", "1E-10"),
            ("0.0000001", "1E-7"),
            ("0.000001", "0.000001"),
            ("0.00000123", "0.00000123"),
            ("1.5e21", "1.5E+21"),
            ("-1.5e-7", "-1.5E-7"),
            ("0e5", "0E+5"),
            ("0.000", "0.000"),
            ("123e-100000", "1.23E-99998"),
            ("12e-3", "0.012"),
        ] {
            assert_eq!(number(source).to_string(), text, "{source}");
        }
    }

    #[test]
    fn canonical_text_is_that_of_the_value() {
        for (source, text) in [
            ("1.50", "15E-1"),
            ("100.0", "1E2"),
            ("1e-7", "1E-7"),
            ("-2.5", "-25E-1"),
            ("-0.0", "0E0"),
        ] {
            assert_eq!(number(source).canonical(), text, "{source}");
        }
    }

    #[test]
    fn plain_text_has_no_exponent() {
        assert_eq!(number("1.5e3").plain(), "1500");
        assert_eq!(number("1e3").plain(), "1000");
        assert_eq!(number("-25e-4").plain(), "-0.0025");
        assert_eq!(number("1e3").integer_text().unwrap(), "1000");
    }
}
