import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';

/** A dialog that makes something new, or changes the one it is shown with. */
export function useEditor<T>() {
  const [isOpen, { open, close }] = useDisclosure();
  const [edited, setEdited] = useState<T>();

  function show(item?: T) {
    setEdited(item);
    open();
  }

  return { isOpen, onClose: close, edited, show };
}
