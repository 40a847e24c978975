// The polled core. Everything that goes on in parallel is a Poller in one Loop; everything that reads as a
// story waits in Loop::run_until and nowhere else. Nothing calls upward out of poll() into a story.
#pragma once

#include "util/list.h"
#include "util/result.h"
#include "util/time.h"

namespace util {

class Poller : public ListNode<Poller> {
  public:
    virtual ~Poller() = default;
    // Moves what there is to move, bounded work. True when it did something, so that it is worth polling
    // again at once.
    virtual bool poll(Instant now) = 0;
    // When time alone will next make poll() worth calling; never() when only outside events do.
    virtual Instant poll_at() const { return Instant::never(); }
};

class Loop {
  public:
    Instant now() const;
    // A round polls the latest first: users of the network before TCP, and TCP before the stack below it. So what they
    // answer leaves before the stack turns to the next frames.
    void add(Poller& poller) { pollers_.push_front(poller); }

    // One round over all pollers. True when any of them made progress.
    bool poll_once();

    // Polls until done() is true, the deadline passes (kTimedOut) or Ctrl-C is pressed (kCancelled, unless
    // cancelling is off). done() is asked before the first poll.
    template <class Done>
    Result<void> run_until(Done done, Instant deadline) {
        for (;;) {
            if (done()) return {};
            if (auto step = step_towards(deadline); !step.ok()) return step;
        }
    }
    Result<void> sleep(Duration duration) {
        auto slept = run_until([] { return false; }, now() + duration);
        if (!slept.ok() && &slept.failure() == &kTimedOut) return {};
        return slept;
    }

    // INT 13h and other callers below an operating system must not be cancelled by a typed key.
    // AtOnce: whatever waits is cancelled now, by somebody's poll().
    // While the machine boots by itself Ctrl-B calls for attention: it cancels like Ctrl-C, and take_attention() tells.
    enum class Cancel { ByCtrlC, ByCtrlCOrCtrlB, Never, AtOnce };
    Cancel cancel() const { return cancel_; }
    void set_cancel(Cancel cancel) { cancel_ = cancel; }
    bool take_attention() { return std::exchange(attention_, false); }

  private:
    Result<void> step_towards(Instant deadline);
    bool cancelled();
    List<Poller> pollers_;
    Instant next_breath_;
    Cancel cancel_ = Cancel::ByCtrlC;
    bool attention_ = false;
};

}  // namespace util
