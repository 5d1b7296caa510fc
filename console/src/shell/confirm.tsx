import { createStore, useStore } from "../state/store.ts";
import { Button } from "../ui/button.tsx";
import { Dialog, DialogActions } from "../ui/dialog.tsx";

interface Question {
  title: string;
  /** Names everything it will touch. */
  text: string;
  /** The button that does it. */
  action: string;
  isDangerous?: boolean;
}

interface OpenQuestion extends Question {
  decide: (isConfirmed: boolean) => void;
}

const openQuestion = createStore<OpenQuestion | undefined>(undefined);

/** Asks once before something is done; resolves with the decision. */
export function confirm(question: Question): Promise<boolean> {
  return new Promise((decide) => openQuestion.set({ ...question, decide }));
}

/** Shows the question that `confirm` asks. Enter confirms, Escape does not. */
export function Confirmation() {
  const question = useStore(openQuestion);
  if (question === undefined) return null;
  const decide = (isConfirmed: boolean) => {
    openQuestion.set(undefined);
    question.decide(isConfirmed);
  };
  return (
    <Dialog title={question.title} onClose={() => decide(false)}>
      <p className="break-words text-muted">{question.text}</p>
      <DialogActions>
        <Button onClick={() => decide(false)}>Keep as it is</Button>
        <Button kind={question.isDangerous === true ? "danger" : "primary"} data-autofocus onClick={() => decide(true)}>
          {question.action}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
