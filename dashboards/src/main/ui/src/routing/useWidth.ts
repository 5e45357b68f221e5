import { type RefObject, useEffect, useRef, useState } from 'react';

/** How wide a box is now, so that a drawing's words keep their size on every screen. */
export function useWidth(usual: number): [RefObject<HTMLDivElement | null>, number] {
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(usual);
  useEffect(() => {
    if (!box.current) {
      return undefined;
    }
    const watch = new ResizeObserver(([entry]) => {
      // a box that is not shown has no width, and nothing to draw for
      if (entry && entry.contentRect.width > 0) {
        setWidth(Math.round(entry.contentRect.width));
      }
    });
    watch.observe(box.current);
    return () => watch.disconnect();
  }, []);
  return [box, width];
}
