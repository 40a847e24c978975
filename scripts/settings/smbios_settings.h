// SMBIOS as settings: "${manufacturer}", "${smbios/serial}", "${smbios/1.4.0}" (type.offset.length; length 0:
// the byte at that offset is a string number, as DSP0134 section 6.1.3 has it), "${smbios/2.17.16.0}" (the third structure of type 17).
#pragma once

#include "scripts/settings/settings.h"

namespace scripts {

class SmbiosScope final : public SettingScope {
  public:
    // The structure table, without its entry point; empty when the machine has none. Must outlive the scope.
    explicit SmbiosScope(util::Bytes table) : SettingScope("smbios"), table_(table) {}
    util::Result<bool> fetch(const SettingReference& reference, SettingValue& value) override;

  private:
    util::Bytes table_;
};

}  // namespace scripts
