// What the firmware knows of itself and the machine: "${version}", "${platform}", "${errno}", "${memsize}".
#pragma once

#include "scripts/settings/settings.h"

namespace scripts {

class System;

class BuiltinScope final : public SettingScope {
  public:
    explicit BuiltinScope(System& system) : SettingScope("builtin"), system_(system) {}
    util::Result<bool> fetch(const SettingReference& reference, SettingValue& value) override;

  private:
    System& system_;
};

}  // namespace scripts
