// What the firmware knows of itself and the machine: "${version}", "${platform}", "${errno}", "${memsize}".
#pragma once

#include "scripts/settings/settings.h"

namespace scripts {

class Engine;

class BuiltinScope final : public SettingScope {
  public:
    explicit BuiltinScope(Engine& engine) : SettingScope("builtin"), engine_(engine) {}
    util::Result<bool> fetch(const SettingReference& reference, SettingValue& value) override;

  private:
    Engine& engine_;
};

}  // namespace scripts
