// The fields of the API server's internal pod types, in Go's order: values in messages and diffs are printed in that form.
// Behaviour: pkg/apis/core/types.go, Kubernetes v1.36.3.
//
// A line a struct: `GoName[=jsonName] type`, types as in Go with `.` before a struct, `+` before an embedded one. The host
// fields of PodSecurityContext stand in the external PodSpec.
export const internalPodTypes = `PodSpec: Volumes [].Volume, InitContainers [].Container, Containers [].Container, EphemeralContainers [].EphemeralContainer, RestartPolicy string, TerminationGracePeriodSeconds *int, ActiveDeadlineSeconds *int, DNSPolicy=dnsPolicy string, NodeSelector map, ServiceAccountName string, AutomountServiceAccountToken *bool, NodeName string, SecurityContext *.PodSecurityContext, ImagePullSecrets [].LocalObjectReference, Hostname string, Subdomain string, SetHostnameAsFQDN *bool, Affinity *.Affinity, SchedulerName string, Tolerations [].Toleration, HostAliases [].HostAlias, PriorityClassName string, Priority *int, PreemptionPolicy *string, DNSConfig=dnsConfig *.PodDNSConfig, ReadinessGates [].PodReadinessGate, RuntimeClassName *string, Overhead map, EnableServiceLinks *bool, TopologySpreadConstraints [].TopologySpreadConstraint, OS=os *.PodOS, SchedulingGates [].PodSchedulingGate, ResourceClaims [].PodResourceClaim, Resources *.ResourceRequirements, HostnameOverride *string, SchedulingGroup *.PodSchedulingGroup
Volume: Name string, +VolumeSource
VolumeSource: HostPath *.HostPathVolumeSource, EmptyDir *.EmptyDirVolumeSource, GCEPersistentDisk=gcePersistentDisk *.GCEPersistentDiskVolumeSource, AWSElasticBlockStore=awsElasticBlockStore *.AWSElasticBlockStoreVolumeSource, GitRepo *.GitRepoVolumeSource, Secret *.SecretVolumeSource, NFS=nfs *.NFSVolumeSource, ISCSI=iscsi *.ISCSIVolumeSource, Glusterfs *.GlusterfsVolumeSource, PersistentVolumeClaim *.PersistentVolumeClaimVolumeSource, RBD=rbd *.RBDVolumeSource, Quobyte *.QuobyteVolumeSource, FlexVolume *.FlexVolumeSource, Cinder *.CinderVolumeSource, CephFS=cephfs *.CephFSVolumeSource, Flocker *.FlockerVolumeSource, DownwardAPI *.DownwardAPIVolumeSource, FC=fc *.FCVolumeSource, AzureFile *.AzureFileVolumeSource, ConfigMap *.ConfigMapVolumeSource, VsphereVolume *.VsphereVirtualDiskVolumeSource, AzureDisk *.AzureDiskVolumeSource, PhotonPersistentDisk *.PhotonPersistentDiskVolumeSource, Projected *.ProjectedVolumeSource, PortworxVolume *.PortworxVolumeSource, ScaleIO *.ScaleIOVolumeSource, StorageOS=storageos *.StorageOSVolumeSource, CSI=csi *.CSIVolumeSource, Ephemeral *.EphemeralVolumeSource, Image *.ImageVolumeSource
HostPathVolumeSource: Path string, Type *string
EmptyDirVolumeSource: Medium string, SizeLimit *quantity
GCEPersistentDiskVolumeSource: PDName=pdName string, FSType=fsType string, Partition int, ReadOnly bool
AWSElasticBlockStoreVolumeSource: VolumeID string, FSType=fsType string, Partition int, ReadOnly bool
GitRepoVolumeSource: Repository string, Revision string, Directory string
SecretVolumeSource: SecretName string, Items [].KeyToPath, DefaultMode *int, Optional *bool
KeyToPath: Key string, Path string, Mode *int
NFSVolumeSource: Server string, Path string, ReadOnly bool
ISCSIVolumeSource: TargetPortal string, IQN=iqn string, Lun int, ISCSIInterface=iscsiInterface string, FSType=fsType string, ReadOnly bool, Portals []string, DiscoveryCHAPAuth=chapAuthDiscovery bool, SessionCHAPAuth=chapAuthSession bool, SecretRef *.LocalObjectReference, InitiatorName *string
LocalObjectReference: Name string
GlusterfsVolumeSource: EndpointsName=endpoints string, Path string, ReadOnly bool
PersistentVolumeClaimVolumeSource: ClaimName string, ReadOnly bool
RBDVolumeSource: CephMonitors=monitors []string, RBDImage=image string, FSType=fsType string, RBDPool=pool string, RadosUser=user string, Keyring string, SecretRef *.LocalObjectReference, ReadOnly bool
QuobyteVolumeSource: Registry string, Volume string, ReadOnly bool, User string, Group string, Tenant string
FlexVolumeSource: Driver string, FSType=fsType string, SecretRef *.LocalObjectReference, ReadOnly bool, Options map
CinderVolumeSource: VolumeID string, FSType=fsType string, ReadOnly bool, SecretRef *.LocalObjectReference
CephFSVolumeSource: Monitors []string, Path string, User string, SecretFile string, SecretRef *.LocalObjectReference, ReadOnly bool
FlockerVolumeSource: DatasetName string, DatasetUUID string
DownwardAPIVolumeSource: Items [].DownwardAPIVolumeFile, DefaultMode *int
DownwardAPIVolumeFile: Path string, FieldRef *.ObjectFieldSelector, ResourceFieldRef *.ResourceFieldSelector, Mode *int
ObjectFieldSelector: APIVersion=apiVersion string, FieldPath string
ResourceFieldSelector: ContainerName string, Resource string, Divisor quantity
FCVolumeSource: TargetWWNs []string, Lun *int, FSType=fsType string, ReadOnly bool, WWIDs=wwids []string
AzureFileVolumeSource: SecretName string, ShareName string, ReadOnly bool
ConfigMapVolumeSource: +LocalObjectReference, Items [].KeyToPath, DefaultMode *int, Optional *bool
VsphereVirtualDiskVolumeSource: VolumePath string, FSType=fsType string, StoragePolicyName string, StoragePolicyID string
AzureDiskVolumeSource: DiskName string, DataDiskURI=diskURI string, CachingMode *string, FSType=fsType *string, ReadOnly *bool, Kind *string
PhotonPersistentDiskVolumeSource: PdID string, FSType=fsType string
ProjectedVolumeSource: Sources [].VolumeProjection, DefaultMode *int
VolumeProjection: Secret *.SecretProjection, DownwardAPI *.DownwardAPIProjection, ConfigMap *.ConfigMapProjection, ServiceAccountToken *.ServiceAccountTokenProjection, ClusterTrustBundle *.ClusterTrustBundleProjection, PodCertificate *.PodCertificateProjection
SecretProjection: +LocalObjectReference, Items [].KeyToPath, Optional *bool
DownwardAPIProjection: Items [].DownwardAPIVolumeFile
ConfigMapProjection: +LocalObjectReference, Items [].KeyToPath, Optional *bool
ServiceAccountTokenProjection: Audience string, ExpirationSeconds int, Path string
ClusterTrustBundleProjection: Name *string, SignerName *string, LabelSelector *selector, Optional *bool, Path string
PodCertificateProjection: SignerName string, KeyType string, MaxExpirationSeconds *int, CredentialBundlePath string, KeyPath string, CertificateChainPath string, UserAnnotations map
PortworxVolumeSource: VolumeID string, FSType=fsType string, ReadOnly bool
ScaleIOVolumeSource: Gateway string, System string, SecretRef *.LocalObjectReference, SSLEnabled=sslEnabled bool, ProtectionDomain string, StoragePool string, StorageMode string, VolumeName string, FSType=fsType string, ReadOnly bool
StorageOSVolumeSource: VolumeName string, VolumeNamespace string, FSType=fsType string, ReadOnly bool, SecretRef *.LocalObjectReference
CSIVolumeSource: Driver string, ReadOnly *bool, FSType=fsType *string, VolumeAttributes map, NodePublishSecretRef *.LocalObjectReference
EphemeralVolumeSource: VolumeClaimTemplate *.PersistentVolumeClaimTemplate
PersistentVolumeClaimTemplate: +meta, Spec .PersistentVolumeClaimSpec
PersistentVolumeClaimSpec: AccessModes []string, Selector *selector, Resources .VolumeResourceRequirements, VolumeName string, StorageClassName *string, VolumeMode *string, DataSource *.TypedLocalObjectReference, DataSourceRef *.TypedObjectReference, VolumeAttributesClassName *string
VolumeResourceRequirements: Limits map, Requests map
TypedLocalObjectReference: APIGroup=apiGroup *string, Kind string, Name string
TypedObjectReference: APIGroup=apiGroup *string, Kind string, Name string, Namespace *string
ImageVolumeSource: Reference string, PullPolicy string
Container: Name string, Image string, Command []string, Args []string, WorkingDir string, Ports [].ContainerPort, EnvFrom [].EnvFromSource, Env [].EnvVar, Resources .ResourceRequirements, ResizePolicy [].ContainerResizePolicy, RestartPolicy *string, RestartPolicyRules [].ContainerRestartRule, VolumeMounts [].VolumeMount, VolumeDevices [].VolumeDevice, LivenessProbe *.Probe, ReadinessProbe *.Probe, StartupProbe *.Probe, Lifecycle *.Lifecycle, TerminationMessagePath string, TerminationMessagePolicy string, ImagePullPolicy string, SecurityContext *.SecurityContext, Stdin bool, StdinOnce bool, TTY=tty bool
ContainerPort: Name string, HostPort int, ContainerPort int, Protocol string, HostIP string
EnvFromSource: Prefix string, ConfigMapRef *.ConfigMapEnvSource, SecretRef *.SecretEnvSource
ConfigMapEnvSource: +LocalObjectReference, Optional *bool
SecretEnvSource: +LocalObjectReference, Optional *bool
EnvVar: Name string, Value string, ValueFrom *.EnvVarSource
EnvVarSource: FieldRef *.ObjectFieldSelector, ResourceFieldRef *.ResourceFieldSelector, ConfigMapKeyRef *.ConfigMapKeySelector, SecretKeyRef *.SecretKeySelector, FileKeyRef *.FileKeySelector
ConfigMapKeySelector: +LocalObjectReference, Key string, Optional *bool
SecretKeySelector: +LocalObjectReference, Key string, Optional *bool
FileKeySelector: VolumeName string, Path string, Key string, Optional *bool
ResourceRequirements: Limits map, Requests map, Claims [].ResourceClaim
ResourceClaim: Name string, Request string
ContainerResizePolicy: ResourceName string, RestartPolicy string
ContainerRestartRule: Action string, ExitCodes *.ContainerRestartRuleOnExitCodes
ContainerRestartRuleOnExitCodes: Operator string, Values []int
VolumeMount: Name string, ReadOnly bool, RecursiveReadOnly *string, MountPath string, SubPath string, MountPropagation *string, SubPathExpr string
VolumeDevice: Name string, DevicePath string
Probe: +ProbeHandler, InitialDelaySeconds int, TimeoutSeconds int, PeriodSeconds int, SuccessThreshold int, FailureThreshold int, TerminationGracePeriodSeconds *int
ProbeHandler: Exec *.ExecAction, HTTPGet=httpGet *.HTTPGetAction, TCPSocket=tcpSocket *.TCPSocketAction, GRPC=grpc *.GRPCAction
ExecAction: Command []string
HTTPGetAction: Path string, Port any, Host string, Scheme string, HTTPHeaders=httpHeaders [].HTTPHeader
HTTPHeader: Name string, Value string
TCPSocketAction: Port any, Host string
GRPCAction: Port int, Service *string
Lifecycle: PostStart *.LifecycleHandler, PreStop *.LifecycleHandler, StopSignal *string
LifecycleHandler: Exec *.ExecAction, HTTPGet=httpGet *.HTTPGetAction, TCPSocket=tcpSocket *.TCPSocketAction, Sleep *.SleepAction
SleepAction: Seconds int
SecurityContext: Capabilities *.Capabilities, Privileged *bool, SELinuxOptions=seLinuxOptions *.SELinuxOptions, WindowsOptions *.WindowsSecurityContextOptions, RunAsUser *int, RunAsGroup *int, RunAsNonRoot *bool, ReadOnlyRootFilesystem *bool, AllowPrivilegeEscalation *bool, ProcMount *string, SeccompProfile *.SeccompProfile, AppArmorProfile *.AppArmorProfile
Capabilities: Add []string, Drop []string
SELinuxOptions: User string, Role string, Type string, Level string
WindowsSecurityContextOptions: GMSACredentialSpecName=gmsaCredentialSpecName *string, GMSACredentialSpec=gmsaCredentialSpec *string, RunAsUserName *string, HostProcess *bool
SeccompProfile: Type string, LocalhostProfile *string
AppArmorProfile: Type string, LocalhostProfile *string
EphemeralContainer: +Container, TargetContainerName string
PodSecurityContext: HostNetwork bool, HostPID bool, HostIPC bool, ShareProcessNamespace *bool, HostUsers *bool, SELinuxOptions=seLinuxOptions *.SELinuxOptions, WindowsOptions *.WindowsSecurityContextOptions, RunAsUser *int, RunAsGroup *int, RunAsNonRoot *bool, SupplementalGroups []int, SupplementalGroupsPolicy *string, FSGroup=fsGroup *int, FSGroupChangePolicy=fsGroupChangePolicy *string, Sysctls [].Sysctl, SeccompProfile *.SeccompProfile, AppArmorProfile *.AppArmorProfile, SELinuxChangePolicy=seLinuxChangePolicy *string
Sysctl: Name string, Value string
Affinity: NodeAffinity *.NodeAffinity, PodAffinity *.PodAffinity, PodAntiAffinity *.PodAntiAffinity
NodeAffinity: RequiredDuringSchedulingIgnoredDuringExecution *.NodeSelector, PreferredDuringSchedulingIgnoredDuringExecution [].PreferredSchedulingTerm
NodeSelector: NodeSelectorTerms [].NodeSelectorTerm
NodeSelectorTerm: MatchExpressions [].NodeSelectorRequirement, MatchFields [].NodeSelectorRequirement
NodeSelectorRequirement: Key string, Operator string, Values []string
PreferredSchedulingTerm: Weight int, Preference .NodeSelectorTerm
PodAffinity: RequiredDuringSchedulingIgnoredDuringExecution [].PodAffinityTerm, PreferredDuringSchedulingIgnoredDuringExecution [].WeightedPodAffinityTerm
PodAffinityTerm: LabelSelector *selector, Namespaces []string, TopologyKey string, NamespaceSelector *selector, MatchLabelKeys []string, MismatchLabelKeys []string
WeightedPodAffinityTerm: Weight int, PodAffinityTerm .PodAffinityTerm
PodAntiAffinity: RequiredDuringSchedulingIgnoredDuringExecution [].PodAffinityTerm, PreferredDuringSchedulingIgnoredDuringExecution [].WeightedPodAffinityTerm
Toleration: Key string, Operator string, Value string, Effect string, TolerationSeconds *int
HostAlias: IP=ip string, Hostnames []string
PodDNSConfig: Nameservers []string, Searches []string, Options [].PodDNSConfigOption
PodDNSConfigOption: Name string, Value *string
PodReadinessGate: ConditionType string
TopologySpreadConstraint: MaxSkew int, TopologyKey string, WhenUnsatisfiable string, LabelSelector *selector, MinDomains *int, NodeAffinityPolicy *string, NodeTaintsPolicy *string, MatchLabelKeys []string
PodOS: Name string
PodSchedulingGate: Name string
PodResourceClaim: Name string, ResourceClaimName *string, ResourceClaimTemplateName *string
PodSchedulingGroup: PodGroupName *string
PodIP: IP=ip string
HostIP: IP=ip string`;
