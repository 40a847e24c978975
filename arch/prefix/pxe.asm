; .pxe: a network boot program that unloads the whole PXE stack: for native drivers.
%define KEEP 0
%include "nbp.inc"
