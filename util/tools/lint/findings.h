// What checks report, and the table of checks.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lint {

struct Script;
class Report;

// Wrong: it does not do what it says. Likely: it runs, but hardly as meant. Note: worth knowing; told only when asked for.
enum class Level : unsigned char { Wrong, Likely, Note };

struct Check {
    std::string_view name;
    Level level;
    std::string_view help;  // one line, no period
};

// Sorted by name.
std::span<const Check> checks();
const Check* find_check(std::string_view name);

struct Options {
    std::string features = "all";        // of the image that shall run the script
    std::vector<std::string> only;       // names of checks; empty: all but notes
    std::vector<std::string> ignored;
    bool notes = false;
    bool wants(const Check& check) const;
};

struct Finding {
    unsigned line;
    const Check* check;
    std::string message;
};

class Report {
  public:
    explicit Report(const Options& options) : options(options) {}
    // The check must be in the table.
    void add(std::string_view check, unsigned line, std::string message);
    const Options& options;
    std::vector<Finding> findings;
};

// All findings in a script's text, by line.
std::vector<Finding> check_script(std::string_view text, const Options& options);

// The checks by what they look at. Each reports several of the table's.
void check_text(const Script& script, Report& report);
void check_commands(Script& script, Report& report);  // also fills Call::arguments in, which those below read
void check_flow(const Script& script, Report& report);
void check_loops(const Script& script, Report& report);
void check_operators(const Script& script, Report& report);
void check_menus(const Script& script, Report& report);
void check_settings(const Script& script, Report& report);
void check_secrets(const Script& script, Report& report);
void check_uris(const Script& script, Report& report);

}  // namespace lint
