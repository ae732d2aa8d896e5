//! Fields that the schema requires and the server does not.
//!
//! `required` in the OpenAPI documents says no more than that the Go field has no `omitempty`. Whether something happens
//! without it is decided by the validation of the kind (Kubernetes v1.31 `pkg/apis/*/validation`, and its defaults). Four
//! sorts of fields may be left out all the same: where zero, false or the empty text is a good value; where a default
//! steps in; where nobody looks; and fields behind a feature that is off, which are dropped before anybody looks.

use crate::release::{Release, Releases};

/// The releases whose server refuses an object in which the required `field` of `definition` is missing.
pub(super) fn enforced(definition: &str, field: &str) -> Releases {
    // a change of the group's versions changes nothing here
    if let Some(rest) = definition.strip_prefix("resource.") {
        let kind = rest.split_once('.').map_or(rest, |(_, kind)| kind);
        return if DEVICES.contains(&(kind, field)) {
            Releases::NONE
        } else {
            Releases::ALL
        };
    }
    let gated = GATED
        .iter()
        .find(|(of, name, _)| (*of, *name) == (definition, field));
    match gated {
        Some((_, _, on)) => Release::all()
            .filter(|release| release.minor() >= *on)
            .collect(),
        None if LENIENT.contains(&(definition, field)) => Releases::NONE,
        None => Releases::ALL,
    }
}

/// Definition, field, and the first minor release in which the feature that it belongs to is on: before, it is dropped.
const GATED: &[(&str, &str, u8)] = &[
    ("core.v1.ContainerResizePolicy", "resourceName", 33),
    ("core.v1.ContainerResizePolicy", "restartPolicy", 33),
    ("core.v1.PodResourceClaim", "name", 34),
];

/// Definition and field, sorted.
const LENIENT: &[(&str, &str)] = &[
    // exactly one version stores: the rules for CRDs see to that
    ("apiextensions.v1.CustomResourceDefinitionVersion", "served"),
    (
        "apiextensions.v1.CustomResourceDefinitionVersion",
        "storage",
    ),
    ("apiserverinternal.v1alpha1.StorageVersion", "spec"),
    ("apiserverinternal.v1alpha1.StorageVersion", "status"),
    ("apps.v1.ControllerRevision", "revision"),
    ("apps.v1.StatefulSetSpec", "serviceName"),
    ("batch.v1.PodFailurePolicy", "rules"),
    ("batch.v1.PodFailurePolicyOnPodConditionsPattern", "status"),
    ("core.v1.ClusterTrustBundleProjection", "path"),
    ("core.v1.ContainerRestartRule", "action"),
    ("core.v1.ContainerRestartRuleOnExitCodes", "operator"),
    ("core.v1.Event", "involvedObject"),
    ("core.v1.Event", "metadata"),
    ("core.v1.FileKeySelector", "key"),
    ("core.v1.FileKeySelector", "path"),
    ("core.v1.FileKeySelector", "volumeName"),
    ("core.v1.HTTPHeader", "value"),
    ("core.v1.ISCSIPersistentVolumeSource", "lun"),
    ("core.v1.ISCSIVolumeSource", "lun"),
    ("core.v1.LimitRangeSpec", "limits"),
    ("core.v1.PodCertificateProjection", "keyType"),
    ("core.v1.PodCertificateProjection", "signerName"),
    ("core.v1.PreferredSchedulingTerm", "preference"),
    ("core.v1.ResourceClaim", "name"),
    ("core.v1.ScaleIOPersistentVolumeSource", "secretRef"),
    ("core.v1.ScaleIOVolumeSource", "secretRef"),
    ("core.v1.SleepAction", "seconds"),
    ("core.v1.Sysctl", "value"),
    ("core.v1.WorkloadReference", "name"),
    ("core.v1.WorkloadReference", "podGroup"),
    ("discovery.v1.EndpointSlice", "endpoints"),
    ("networking.v1.NetworkPolicySpec", "podSelector"),
    ("rbac.v1.RoleRef", "apiGroup"),
    ("scheduling.v1.PriorityClass", "value"),
    ("storage.v1.CSIDriver", "spec"),
    ("storage.v1.CSINode", "spec"),
    ("storage.v1.CSINodeSpec", "drivers"),
    ("storage.v1.TokenRequest", "audience"),
];

/// The same for the devices of `resource.k8s.io`, in all its versions.
const DEVICES: &[(&str, &str)] = &[
    ("CapacityRequestPolicyRange", "min"),
    ("Counter", "value"),
    ("DeviceCapacity", "value"),
    ("DeviceClass", "spec"),
    ("ResourceClaim", "spec"),
    ("ResourceClaimTemplate", "spec"),
    ("ResourceClaimTemplateSpec", "spec"),
    ("ResourcePool", "generation"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::builtin::data::{self, Definition, Type};
    use std::collections::BTreeSet;

    /// Every definition that a kind leads to.
    fn definitions() -> BTreeSet<&'static str> {
        fn collect(definition: Definition, seen: &mut BTreeSet<&'static str>) {
            if !seen.insert(definition.name()) {
                return;
            }
            for property in definition.properties() {
                let mut of = property.of.get();
                while let Type::List(inner) | Type::Map(inner) = of {
                    of = inner.get();
                }
                if let Type::Struct(inner) = of {
                    collect(inner, seen);
                }
            }
        }
        let mut seen = BTreeSet::new();
        for definition in data::kinds().filter_map(|kind| kind.definition) {
            collect(definition, &mut seen);
        }
        seen
    }

    #[test]
    fn every_exception_names_a_field_that_some_release_requires() {
        let known = definitions();
        for (definition, _) in LENIENT {
            assert!(known.contains(definition), "no definition `{definition}`");
        }
        assert!(LENIENT.is_sorted());
        for (kind, _) in DEVICES {
            let suffix = format!(".{kind}");
            let named = |name: &&str| name.starts_with("resource.") && name.ends_with(&suffix);
            assert!(known.iter().any(named), "no definition `{kind}`");
        }
    }

    #[test]
    fn what_a_default_or_a_zero_fills_in_may_be_left_out() {
        assert_eq!(enforced("rbac.v1.RoleRef", "apiGroup"), Releases::NONE);
        assert_eq!(
            enforced("resource.v1beta2.ResourceClaim", "spec"),
            Releases::NONE
        );
        assert_eq!(enforced("rbac.v1.RoleRef", "name"), Releases::ALL);
        assert_eq!(
            enforced("resource.v1beta2.ResourceSlice", "spec"),
            Releases::ALL
        );
        let claim = enforced("core.v1.PodResourceClaim", "name");
        assert_eq!(claim.to_string(), "1.34 to 1.35");
    }
}
