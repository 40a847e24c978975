; .kpxe: a network boot program that keeps the UNDI and unloads the rest of the PXE stack.
%define KEEP 1
%include "nbp.inc"
