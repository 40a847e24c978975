// PCI configuration space as settings: "${pci/<location>.<offset>.<length>}", as in
// "${pci/${net0/busloc}.0.2}".
#pragma once

#include "scripts/settings/settings.h"

namespace scripts {

// One byte of a function's configuration space.
using ReadPciConfiguration = std::uint8_t (*)(std::uint16_t busdevfn, std::uint8_t offset);

class PciScope final : public SettingScope {
  public:
    explicit PciScope(ReadPciConfiguration read) : SettingScope("pci"), read_(read) {}
    util::Result<bool> fetch(const SettingReference& reference, SettingValue& value) override;

  private:
    ReadPciConfiguration read_;
};

}  // namespace scripts
