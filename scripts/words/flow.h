// What "for", "trap" and "include" remember while scripts run. Each entry belongs to a frame of the engine; entries of frames that
// have ended mean nothing, and go when the next one of their kind is made.
#pragma once

#include "scripts/engine.h"
#include "util/owned.h"
#include "util/vector.h"

namespace scripts {

inline constexpr util::Failure kNoNext{util::code::kScript + 240, "no next for this setting follows"};
inline constexpr util::Failure kNoFor{util::code::kScript + 241, "no for of this setting is running here"};
inline constexpr util::Failure kTooManyLoops{util::code::kScript + 242, "too many loops within one another"};
inline constexpr util::Failure kInExpected{util::code::kScript + 243, "it is: for <setting> in <value>"};
inline constexpr util::Failure kNotInPart{util::code::kScript + 244, "return is for what call or include runs"};
inline constexpr util::Failure kReturnStatus{util::code::kScript + 245, "returned with an error status"};

// "for": the values that are left. A range counts up when its turn comes, so that a long one takes no memory.
class Loop {
  public:
    Loop(unsigned frame, util::String setting, util::String values, LineReader::Place body)
        : frame(frame), setting(std::move(setting)), body(body), values_(std::move(values)) {}

    // The next value; false: there is none. Failure: out of memory.
    util::Result<bool> take(util::String& value);

    unsigned frame;
    util::String setting;  // as it is written
    LineReader::Place body;

  private:
    util::String values_;
    std::size_t taken_ = 0;  // of values_
    bool in_range_ = false;
    std::int64_t next_ = 0, last_ = 0;
};

struct TrapEntry {
    unsigned frame;
    util::String label;
};

// A script whose labels may be called: it stays although images are freed.
struct Library {
    Library(ImageTable& table, Image& image, unsigned script) : image(image), use(table, image), script(script), labels(image.content()) {}
    Image& image;
    ImageUse use;
    unsigned script;
    LineReader labels;
};

struct Flow {
    static constexpr std::size_t kMostLoops = 16;
    util::Vector<Loop> loops;
    util::Vector<TrapEntry> traps;
    util::Vector<util::Owned<Library>> libraries;
};

}  // namespace scripts
