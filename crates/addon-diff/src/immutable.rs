//! Fields that an API server does not let anybody change: an upgrade that does fails, or deletes and makes anew.
//!
//! The fields are those that the update strategies of kubernetes v1.31 compare (`pkg/apis/apps/validation`, `batch`, `core`,
//! `rbac`, `storage`, and apiextensions for CRDs).

use goyaml::Value;

/// The paths of the fields of a kind that cannot be changed, as far as they differ between two objects.
pub(crate) fn changed(group: &str, kind: &str, old: &Value, new: &Value) -> Vec<String> {
    let fields: &[&str] = match (group, kind) {
        ("apps", "Deployment" | "DaemonSet" | "ReplicaSet") => &["spec.selector"],
        ("apps", "StatefulSet") => &[
            "spec.selector",
            "spec.serviceName",
            "spec.podManagementPolicy",
            "spec.volumeClaimTemplates",
        ],
        ("batch", "Job") => &["spec.template", "spec.selector", "spec.completionMode"],
        ("", "PersistentVolumeClaim") => &[
            "spec.accessModes",
            "spec.storageClassName",
            "spec.volumeMode",
            "spec.selector",
            "spec.volumeName",
        ],
        ("rbac.authorization.k8s.io", "RoleBinding" | "ClusterRoleBinding") => &["roleRef"],
        ("storage.k8s.io", "StorageClass") => &[
            "provisioner",
            "parameters",
            "reclaimPolicy",
            "volumeBindingMode",
        ],
        ("scheduling.k8s.io", "PriorityClass") => &["value"],
        ("", "Secret") => &["type"],
        ("apiextensions.k8s.io", "CustomResourceDefinition") => &["spec.scope", "spec.names.kind"],
        _ => &[],
    };
    let mut found: Vec<String> = fields
        .iter()
        .filter(|path| at(old, path) != at(new, path))
        .map(|path| (*path).to_owned())
        .collect();
    // an address that is left out is kept as it is
    let address = "spec.clusterIP";
    if (group, kind) == ("", "Service")
        && at(new, address).is_some_and(|wanted| at(old, address) != Some(wanted))
    {
        found.push(address.to_owned());
    }
    if group.is_empty()
        && matches!(kind, "ConfigMap" | "Secret")
        && at(old, "immutable").and_then(Value::as_bool) == Some(true)
    {
        let fields = ["data", "binaryData", "stringData", "immutable"];
        let differs = |path: &&str| at(old, path) != at(new, path);
        found.extend(
            fields
                .into_iter()
                .filter(|path| differs(path))
                .map(str::to_owned),
        );
    }
    found
}

/// The value at the end of a path with dots; null is none.
pub(crate) fn at<'v>(value: &'v Value, path: &str) -> Option<&'v Value> {
    let found = path.split('.').try_fold(value, |at, key| at.get(key))?;
    (*found != Value::Null).then_some(found)
}
