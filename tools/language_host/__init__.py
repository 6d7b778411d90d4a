"""A Python language host for the Pulumi CLI that was built from its module.

The official host is published in Pulumi's release archives alone, so a build lacks it. This one
answers the engine over the SDK's own gRPC classes. It runs programs, providers and component
packages, and policy packs; it installs and lists dependencies. It declines what this project never
asks for, by name: toolchains other than pip, type-checking before a run, debuggers, and generating,
packing or linking packages.
"""
