import { Center } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from 'react';
import { TryAgain } from '../layout/try-again';
import { Waiting } from '../layout/waiting';
import { Session, type SessionUser } from './session';
import { SignInPage } from './sign-in-page';

interface SessionState {
  session: Session;
  user: SessionUser;
  signOut: () => Promise<void>;
  signOutEverywhere: () => Promise<void>;
}

const SessionContext = createContext<SessionState | undefined>(undefined);

/** Shows its children to who is signed in, and the sign-in page to everybody else. */
export function SessionProvider({ children }: { children: ReactNode }) {
  const queries = useQueryClient();
  // Undefined until the cookie has been tried.
  const [user, setUser] = useState<SessionUser | null>();
  const [problem, setProblem] = useState<unknown>();
  const session = useMemo(() => new Session(() => setUser(null)), []);
  const renew = useCallback(() => {
    session.renew().then((found) => setUser(found ?? null), setProblem);
  }, [session]);
  useEffect(renew, [renew]);
  const state = useMemo(() => {
    const leaveBy = (end: () => Promise<void>) => async () => {
      await end();
      queries.clear();
      setUser(null);
    };
    return (
      user && {
        session,
        user,
        signOut: leaveBy(() => session.signOut()),
        signOutEverywhere: leaveBy(() => session.signOutEverywhere()),
      }
    );
  }, [session, user, queries]);
  if (user === undefined) {
    if (problem === undefined) return <Waiting />;
    return (
      <Center component="main" mih="100vh" p="md">
        <TryAgain
          problem={problem}
          onAgain={() => {
            setProblem(undefined);
            renew();
          }}
        />
      </Center>
    );
  }
  if (!state) return <SignInPage session={session} onSignedIn={setUser} />;
  return <SessionContext.Provider value={state}>{children}</SessionContext.Provider>;
}

export function useSession(): SessionState {
  const state = useContext(SessionContext);
  if (state === undefined) throw new Error('There is no session outside SessionProvider.');
  return state;
}

/** The client that speaks for the signed-in user. */
export const useApi = () => useSession().session.api;
