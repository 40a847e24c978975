; .rom: a PCI option ROM.
%include "option_rom.inc"
