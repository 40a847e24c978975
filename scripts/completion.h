// Completion in the shell: commands, their options, settings ("${" and behind "set", "show", "clear", ...),
// interfaces.
#pragma once

#include "scripts/line_editor.h"

namespace scripts {

class System;

class ShellCompleter final : public Completer {
  public:
    explicit ShellCompleter(System& system) : system_(system) {}
    util::Result<util::String> complete(std::string_view before_cursor, bool& printed) override;

  private:
    System& system_;
};

}  // namespace scripts
