//! The functions that servers know, and which types they take.
//!
//! The names are those of Kubernetes 1.28 to 1.35. Where a function takes types in more ways than are listed here, it has no
//! row, and takes everything.

/// A rough type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    Any,
    Bool,
    Int,
    Uint,
    Double,
    String,
    Bytes,
    Timestamp,
    Duration,
    List,
    Map,
    Object,
    Optional,
    /// A type of Kubernetes' libraries.
    Library,
    /// A list of strings, as a result.
    Strings,
    /// The type of the elements, as a result.
    Element,
    /// The type of the first operand, as a result.
    Same,
}

/// Types that have a name in expressions.
pub(super) const TYPES: [&str; 12] = [
    "bool",
    "bytes",
    "double",
    "dyn",
    "google",
    "int",
    "list",
    "map",
    "null_type",
    "string",
    "type",
    "uint",
];

use Class::{
    Any, Bool, Bytes, Double, Duration, Element, Int, Library, List, Map, Object, Optional, Same,
    String, Strings, Timestamp, Uint,
};

/// Whether it is called on a value, as a function, or both ways.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Method,
    Function,
    Both,
}
use Form::{Both, Function, Method};

/// A way to call a function.
struct Signature {
    name: &'static str,
    form: Form,
    takes: &'static [Class],
    gives: Class,
}

const fn row(name: &'static str, form: Form, takes: &'static [Class], gives: Class) -> Signature {
    Signature {
        name,
        form,
        takes,
        gives,
    }
}

const ROWS: &[Signature] = &[
    row("size", Both, &[String], Int),
    row("size", Both, &[Bytes], Int),
    row("size", Both, &[List], Int),
    row("size", Both, &[Map], Int),
    row("contains", Method, &[String, String], Bool),
    row("startsWith", Method, &[String, String], Bool),
    row("endsWith", Method, &[String, String], Bool),
    row("matches", Both, &[String, String], Bool),
    row("find", Method, &[String, String], String),
    row("findAll", Method, &[String, String], Strings),
    row("findAll", Method, &[String, String, Int], Strings),
    row("lowerAscii", Method, &[String], String),
    row("upperAscii", Method, &[String], String),
    row("trim", Method, &[String], String),
    row("charAt", Method, &[String, Int], String),
    row("substring", Method, &[String, Int], String),
    row("substring", Method, &[String, Int, Int], String),
    row("replace", Method, &[String, String, String], String),
    row("replace", Method, &[String, String, String, Int], String),
    row("split", Method, &[String, String], Strings),
    row("split", Method, &[String, String, Int], Strings),
    row("join", Method, &[List], String),
    row("join", Method, &[List, String], String),
    row("format", Method, &[String, List], String),
    row("isSorted", Method, &[List], Bool),
    row("min", Method, &[List], Element),
    row("max", Method, &[List], Element),
    row("sum", Method, &[List], Element),
    row("url", Function, &[String], Library),
    row("isURL", Function, &[String], Bool),
    row("isURL", Function, &[Library], Bool),
    row("getScheme", Method, &[Library], String),
    row("getHost", Method, &[Library], String),
    row("getHostname", Method, &[Library], String),
    row("getPort", Method, &[Library], String),
    row("getEscapedPath", Method, &[Library], String),
    row("getQuery", Method, &[Library], Map),
    row("isIP", Function, &[String], Bool),
    row("ip", Function, &[String], Library),
    row("ip", Method, &[Library], Library),
    row("family", Method, &[Library], Int),
    row("isCIDR", Function, &[String], Bool),
    row("cidr", Function, &[String], Library),
    row("prefixLength", Method, &[Library], Int),
    row("masked", Method, &[Library], Library),
    row("containsIP", Method, &[Library, Any], Bool),
    row("containsCIDR", Method, &[Library, Any], Bool),
    row("isUnspecified", Method, &[Library], Bool),
    row("isLoopback", Method, &[Library], Bool),
    row("isLinkLocalMulticast", Method, &[Library], Bool),
    row("isLinkLocalUnicast", Method, &[Library], Bool),
    row("isGlobalUnicast", Method, &[Library], Bool),
    row("isQuantity", Function, &[String], Bool),
    row("quantity", Function, &[String], Library),
    row("isGreaterThan", Method, &[Library, Library], Bool),
    row("isLessThan", Method, &[Library, Library], Bool),
    row("compareTo", Method, &[Library, Library], Int),
    row("asInteger", Method, &[Library], Int),
    row("isInteger", Method, &[Library], Bool),
    row("asApproximateFloat", Method, &[Library], Double),
    row("sign", Method, &[Library], Int),
    row("add", Method, &[Library, Any], Library),
    row("sub", Method, &[Library, Any], Library),
    row("hasValue", Method, &[Optional], Bool),
    row("value", Method, &[Optional], Element),
    row("orValue", Method, &[Optional, Any], Element),
    row("or", Method, &[Optional, Optional], Same),
    row("duration", Function, &[String], Duration),
    row("duration", Function, &[Duration], Duration),
    row("duration", Function, &[Int], Duration),
    row("timestamp", Function, &[String], Timestamp),
    row("timestamp", Function, &[Timestamp], Timestamp),
    row("timestamp", Function, &[Int], Timestamp),
    row("string", Function, &[Any], String),
    row("int", Function, &[Any], Int),
    row("uint", Function, &[Any], Uint),
    row("double", Function, &[Any], Double),
    row("bool", Function, &[Any], Bool),
    row("bytes", Function, &[Any], Bytes),
    row("dyn", Function, &[Any], Any),
    row("getHours", Method, &[Duration], Int),
    row("getHours", Method, &[Timestamp], Int),
    row("getHours", Method, &[Timestamp, String], Int),
    row("getFullYear", Method, &[Timestamp], Int),
    row("getFullYear", Method, &[Timestamp, String], Int),
];

/// Functions without a row: they may be called with anything.
const OTHERS: [&str; 38] = [
    "indexOf",
    "lastIndexOf",
    "type",
    "getDate",
    "getDayOfMonth",
    "getDayOfWeek",
    "getDayOfYear",
    "getMonth",
    "getMinutes",
    "getSeconds",
    "getMilliseconds",
    "sets.contains",
    "sets.intersects",
    "sets.equivalent",
    "optional.of",
    "optional.none",
    "optional.ofNonZeroValue",
    "ip.isCanonical",
    "isCanonical",
    "semver",
    "isSemver",
    "major",
    "minor",
    "patch",
    "validate",
    "format.named",
    "format.dns1123Label",
    "format.dns1123Subdomain",
    "format.dns1035Label",
    "format.qualifiedName",
    "format.dns1123LabelPrefix",
    "format.dns1123SubdomainPrefix",
    "format.dns1035LabelPrefix",
    "format.labelValue",
    "format.uri",
    "format.uuid",
    "format.byte",
    "format.date",
];

/// Whether some server knows a function.
pub(super) fn is_known(name: &str) -> bool {
    name == "format.datetime" || OTHERS.contains(&name) || ROWS.iter().any(|row| row.name == name)
}

/// What a call gives; `None` when the function does not take these types.
pub(super) fn result(name: &str, is_method: bool, types: &[Class]) -> Option<Class> {
    let mut rows = ROWS.iter().filter(|row| row.name == name).peekable();
    if rows.peek().is_none() {
        return Some(Any);
    }
    let fits = |wanted: Class, found: Class| {
        wanted == Any
            || found == Any
            || wanted == found
            || (wanted == Map && found == Object && name != "size")
    };
    rows.find(|row| {
        let form = match row.form {
            Both => true,
            Method => is_method,
            Function => !is_method,
        };
        form && row.takes.len() == types.len()
            && row
                .takes
                .iter()
                .zip(types)
                .all(|(wanted, found)| fits(*wanted, *found))
    })
    .map(|row| row.gives)
}

/// The type of Kubernetes' libraries that a function makes.
pub(super) fn library(name: &str) -> &'static str {
    match name {
        "url" => "URL",
        "ip" => "IP",
        "cidr" | "masked" => "CIDR",
        _ => "Quantity",
    }
}
