; .kkpxe: a network boot program that keeps the whole PXE stack, and returns to it.
%define KEEP 2
%include "nbp.inc"
