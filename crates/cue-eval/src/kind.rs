//! Kinds: sets of the nine things a CUE value can be.
//!
//! A value that is not yet concrete has the kinds it may still become; unification intersects
//! them, and the empty set is bottom. `number` is the union of `int` and `float`, `_` is all.

use std::fmt;
use std::ops::{BitAnd, BitAndAssign, BitOr, BitOrAssign, Not};

/// A set of kinds.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Kind(u16);

impl Kind {
    /// The empty set: an error.
    pub const BOTTOM: Self = Self(0);
    /// `null`.
    pub const NULL: Self = Self(1);
    /// `true`, `false`.
    pub const BOOL: Self = Self(1 << 1);
    /// Integers.
    pub const INT: Self = Self(1 << 2);
    /// Decimals.
    pub const FLOAT: Self = Self(1 << 3);
    /// Text.
    pub const STRING: Self = Self(1 << 4);
    /// Bytes.
    pub const BYTES: Self = Self(1 << 5);
    /// A builtin as a value.
    pub const FUNC: Self = Self(1 << 6);
    /// Lists.
    pub const LIST: Self = Self(1 << 7);
    /// Structs.
    pub const STRUCT: Self = Self(1 << 8);
    /// `int | float`.
    pub const NUMBER: Self = Self(Self::INT.0 | Self::FLOAT.0);
    /// Everything that is neither list, struct nor function.
    pub const SCALAR: Self = Self(0b11_1111);
    /// Lists and structs.
    pub const COMPOSITE: Self = Self(Self::LIST.0 | Self::STRUCT.0);
    /// Everything: `_`.
    pub const TOP: Self = Self(0b1_1111_1111);

    /// Whether no kind is left.
    pub const fn is_bottom(self) -> bool {
        self.0 == 0
    }

    /// Whether the sets have a kind in common.
    pub const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Whether every kind of `self` is in `other`.
    pub const fn is_within(self, other: Self) -> bool {
        self.0 & !other.0 == 0
    }

    /// The kinds of `self` that are not in `other`.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// The names of the kinds, alphabetically: `bool`, `bytes`, `float`, `func`, `int`, `list`,
    /// `null`, `string`, `struct`.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        [
            (Self::BOOL, "bool"),
            (Self::BYTES, "bytes"),
            (Self::FLOAT, "float"),
            (Self::FUNC, "func"),
            (Self::INT, "int"),
            (Self::LIST, "list"),
            (Self::NULL, "null"),
            (Self::STRING, "string"),
            (Self::STRUCT, "struct"),
        ]
        .into_iter()
        .filter(move |(kind, _)| self.meets(*kind))
        .map(|(_, name)| name)
    }
}

impl BitAnd for Kind {
    type Output = Self;
    fn bitand(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

impl BitAndAssign for Kind {
    fn bitand_assign(&mut self, other: Self) {
        self.0 &= other.0;
    }
}

impl BitOr for Kind {
    type Output = Self;
    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl BitOrAssign for Kind {
    fn bitor_assign(&mut self, other: Self) {
        self.0 |= other.0;
    }
}

impl Not for Kind {
    type Output = Self;
    fn not(self) -> Self {
        Self(!self.0 & Self::TOP.0)
    }
}

/// As CUE writes it: `_`, `_|_`, `string`, `(int|string)`, with `number` for both numeric kinds.
impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_bottom() {
            return f.write_str("_|_");
        }
        if *self == Self::TOP {
            return f.write_str("_");
        }
        let mut names: Vec<&str> = Vec::new();
        for (kind, name) in [
            (Self::NULL, "null"),
            (Self::BOOL, "bool"),
            (Self::INT, "int"),
            (Self::FLOAT, "float"),
            (Self::STRING, "string"),
            (Self::BYTES, "bytes"),
            (Self::FUNC, "func"),
            (Self::LIST, "list"),
            (Self::STRUCT, "struct"),
        ] {
            let numeric = kind.meets(Self::NUMBER) && Self::NUMBER.is_within(*self);
            if self.meets(kind) && !numeric {
                names.push(name);
            }
        }
        if Self::NUMBER.is_within(*self) {
            names.push("number");
        }
        if let [only] = names.as_slice() {
            return f.write_str(only);
        }
        write!(f, "({})", names.join("|"))
    }
}

impl fmt::Debug for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}
