; .isarom: an option ROM for an ISA card.
%define ISA_ROM
%include "option_rom.inc"
