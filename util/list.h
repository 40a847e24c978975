// An intrusive doubly linked list: the objects carry the links, so linking never allocates. An object that
// is destroyed leaves its list by itself. List<T> needs T to derive from ListNode<T>.
#pragma once

#include "util/assert.h"

namespace util {

template <class T>
class ListNode {
  public:
    ListNode() = default;
    ListNode(const ListNode&) = delete;
    ListNode& operator=(const ListNode&) = delete;
    ~ListNode() { unlink(); }
    bool linked() const { return next_ != this; }
    void unlink() {
        next_->previous_ = previous_;
        previous_->next_ = next_;
        next_ = previous_ = this;
    }

  private:
    template <class>
    friend class List;
    ListNode* next_ = this;
    ListNode* previous_ = this;
};

template <class T>
class List {
  public:
    bool empty() const { return !head_.linked(); }
    void push_back(T& item) { insert_before(head_, item); }
    void push_front(T& item) { insert_before(*head_.next_, item); }
    T* front() { return empty() ? nullptr : static_cast<T*>(head_.next_); }
    T* back() { return empty() ? nullptr : static_cast<T*>(head_.previous_); }
    T* next(T& item) {
        ListNode<T>* node = static_cast<ListNode<T>&>(item).next_;
        return node == &head_ ? nullptr : static_cast<T*>(node);
    }
    T* pop_front() {
        T* item = front();
        if (item) static_cast<ListNode<T>*>(item)->unlink();
        return item;
    }

    // Range-for. The current item may be unlinked from within the loop, no other one.
    class Iterator {
      public:
        Iterator(ListNode<T>* at) : at_(at), next_(at->next_) {}
        T& operator*() const { return *static_cast<T*>(at_); }
        Iterator& operator++() {
            at_ = next_;
            next_ = at_->next_;
            return *this;
        }
        bool operator!=(const Iterator& other) const { return at_ != other.at_; }

      private:
        ListNode<T>* at_;
        ListNode<T>* next_;
    };
    Iterator begin() { return Iterator(head_.next_); }
    Iterator end() { return Iterator(&head_); }

  private:
    void insert_before(ListNode<T>& place, T& item) {
        ListNode<T>& node = item;
        ASSERT(!node.linked());
        node.next_ = &place;
        node.previous_ = place.previous_;
        place.previous_->next_ = &node;
        place.previous_ = &node;
    }
    ListNode<T> head_;
};

}  // namespace util
